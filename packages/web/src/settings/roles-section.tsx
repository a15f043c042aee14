import { Button } from '@mantine/core'
import { useRoom } from '@plenary/client/react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { changePerson, listPeople } from './event-calls.ts'
import { PersonRow } from './person-row.tsx'
import styles from './settings.module.css'
import type { api } from '@plenary/kinds'
import type { ChatRoom } from '../chat/chat-room.ts'

interface RolesProps {
  event: api.EventInfo
  me: api.Me
}

/** Who may do what: those with a role or a ban, and everyone who is here now. */
export function RolesSection({ event, me, room }: RolesProps & { room: ChatRoom | null }) {
  return (
    <section className={styles.card} aria-labelledby="roles-title">
      <h2 id="roles-title">People and roles</h2>
      <p className={styles.text}>
        Producers run the event with you, moderators keep the chat civil, speakers are marked as such.
      </p>
      {room ? (
        <RolesWithPresence event={event} me={me} room={room} />
      ) : (
        <RoleList event={event} me={me} present={NOBODY} />
      )}
    </section>
  )
}

const NOBODY: readonly Present[] = []
type Present = Pick<api.Person, 'id' | 'name' | 'role'>

function RolesWithPresence({ room, ...props }: RolesProps & { room: ChatRoom }) {
  const { presence } = useRoom(room)
  return <RoleList {...props} present={presence.members} />
}

function RoleList({ event, me, present }: RolesProps & { present: readonly Present[] }) {
  const client = useClient()
  const queries = useQueryClient()
  const queryKey = ['people', event.id]
  const { data, error, isPending, refetch } = useQuery({ queryKey, queryFn: () => listPeople(client, event.id) })
  const change = useMutation({
    mutationFn: (wanted: Parameters<typeof changePerson>[2]) => changePerson(client, event.id, wanted),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  if (isPending) return <div className={styles.skeleton} role="status" aria-label="Loading people" />
  if (error)
    return (
      <InlineFailure error={error}>
        <Button size="sm" variant="subtle" onClick={() => void refetch()}>
          Try again
        </Button>
      </InlineFailure>
    )
  const listed = new Set(data.people.map(({ id }) => id))
  const here = new Set(present.map(({ id }) => id))
  const people: api.Person[] = [
    ...data.people,
    // Whoever is here and not listed has no role of their own.
    ...present
      .filter(({ id }) => !listed.has(id))
      .map(({ id, name }) => ({ id, name, role: 'attendee' as const, banned: false })),
  ]
  return (
    <>
      {change.isError ? <InlineFailure error={change.error} /> : null}
      <ul className={styles.people}>
        {people.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            me={me}
            here={here.has(person.id)}
            busy={change.isPending}
            onChange={(wanted) => change.mutate({ user: person.id, name: person.name, ...wanted })}
          />
        ))}
      </ul>
      {people.length <= 1 ? (
        <p className={styles.text}>Nobody else is here yet. Share the code to change that.</p>
      ) : null}
    </>
  )
}
