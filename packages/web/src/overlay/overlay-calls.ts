import type { Client } from '@plenary/client'
import type { api, EventId } from '@plenary/kinds'

/** Keys for overlays, over HTTP with the device's pass. All throw `PlenaryError`. */

export function listOverlayKeys(client: Client, event: EventId): Promise<{ keys: api.OverlayKey[] }> {
  return client.http.get(`/api/events/${event}/overlay-keys`)
}

/** The secret is told this once. */
export function makeOverlayKey(
  client: Client,
  event: EventId,
  label: string,
): Promise<{ overlay: api.OverlayKey; key: string }> {
  return client.http.post(`/api/events/${event}/overlay-keys`, { label })
}

/** Pages that show by it are cut off at once. */
export async function revokeOverlayKey(client: Client, event: EventId, key: string): Promise<void> {
  await client.http.delete(`/api/events/${event}/overlay-keys/${key}`)
}
