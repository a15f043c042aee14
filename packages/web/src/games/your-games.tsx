import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { IconArrowRight } from '@tabler/icons-react'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { remember } from '../shell/known-events.ts'
import { gameOf } from './look.ts'
import styles from './games-page.module.css'
import type { api } from '@plenary/kinds'

const SHOWN_MAX = 12
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** The games that this person has a part in, on whatever device they began. */
export function YourGames() {
  const client = useClient()
  const hasPass = client.pass() !== null
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['my-rooms'],
    queryFn: () => client.http.get<{ rooms: api.MyRoom[] }>('/api/rooms'),
    enabled: hasPass,
  })
  if (!hasPass) return null
  const games = (data?.rooms ?? []).filter(({ rooms }) => gameOf(rooms[0]?.kind) !== undefined).slice(0, SHOWN_MAX)
  return (
    <section className={styles.yours} aria-labelledby="your-games">
      <h2 id="your-games">Your games</h2>
      {error ? (
        <InlineFailure error={error}>
          <Button size="sm" variant="subtle" onClick={() => void refetch()}>
            Try again
          </Button>
        </InlineFailure>
      ) : null}
      <ul aria-busy={isPending}>
        {games.map((event) => (
          <li key={event.id}>
            <Link
              to="/e/$code/g/$room"
              params={{ code: event.code, room: event.rooms[0]?.id ?? '' }}
              search={{}}
              className={styles.game}
              onClick={() => remember(event)}
            >
              <span className={styles.gameTitle} dir="auto">
                {event.title}
              </span>
              <span className={styles.gameMeta}>
                <code>{event.code}</code> · {when.format(event.createdAt)}
              </span>
              <IconArrowRight size={20} aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
      {!isPending && !error && games.length === 0 ? (
        <p className={styles.note}>Games that you start or join will be listed here.</p>
      ) : null}
    </section>
  )
}
