import type { Client } from '@plenary/client'
import type { api, EventId, Role, UserId } from '@plenary/kinds'

/** What an organiser asks of the platform, over HTTP with the device's pass. All throw `PlenaryError`. */

export function listPeople(client: Client, event: EventId): Promise<{ people: api.Person[] }> {
  return client.http.get(`/api/events/${event}/people`)
}

export interface EventChange {
  title?: string
  code?: string
  status?: 'live' | 'ended'
}

/** `conflict` when the code belongs to another event. */
export async function changeEvent(client: Client, event: EventId, change: EventChange): Promise<api.EventInfo> {
  const answer = await client.http.patch<{ event: api.EventInfo }>(`/api/events/${event}`, change)
  return answer.event
}

/** One more room for the event; `refused` when it has as many as it can have. */
export async function addRoom(
  client: Client,
  event: EventId,
  room: { kind: string; title: string; settings?: Record<string, unknown> },
): Promise<api.EventInfo> {
  const answer = await client.http.post<{ event: api.EventInfo }>(`/api/events/${event}/rooms`, room)
  return answer.event
}

export interface PersonChange {
  user: UserId
  name: string
  role?: Role
  banned?: boolean
}

export async function changePerson(
  client: Client,
  event: EventId,
  { user, ...change }: PersonChange,
): Promise<api.Person> {
  const answer = await client.http.put<{ person: api.Person }>(`/api/events/${event}/people/${user}`, change)
  return answer.person
}
