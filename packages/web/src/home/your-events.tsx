import { IconArrowRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@mantine/core'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { knownEvents, remember } from '../shell/known-events.ts'
import { myEvents } from '../shell/my-events.ts'
import { ROLE_NAMES } from '../shell/role-names.ts'
import styles from './home.module.css'

/** The events in which this device has a part: those it runs, and those it has visited. */
export function YourEvents() {
  const client = useClient()
  const hasPass = client.pass() !== null
  const { data, error, isPending, refetch } = useQuery({ ...myEvents(client), enabled: hasPass })
  const visited = knownEvents().filter(({ form }) => form !== 'room' && form !== 'rehearsal')
  if (!hasPass && visited.length === 0) return null

  const mine = data?.events ?? []
  const others = visited.filter((known) => !mine.some((event) => event.id === known.id))
  return (
    <section className={styles.events} aria-labelledby="your-events">
      <h2 id="your-events">Your events</h2>
      {error ? (
        <InlineFailure error={error}>
          <Button size="sm" variant="subtle" onClick={() => void refetch()}>
            Try again
          </Button>
        </InlineFailure>
      ) : null}
      <ul aria-busy={hasPass && isPending}>
        {hasPass && isPending ? <li className={styles.skeleton} /> : null}
        {mine.map((event) => (
          <li key={event.id}>
            <Link to="/e/$code" params={{ code: event.code }} className={styles.event} onClick={() => remember(event)}>
              <span className={styles.eventTitle}>{event.title}</span>
              <span className={styles.eventMeta}>
                <code>{event.code}</code> · {ROLE_NAMES[event.role]} · {event.status === 'live' ? 'open' : 'ended'}
              </span>
              <IconArrowRight className={styles.eventArrow} size={20} aria-hidden="true" />
            </Link>
          </li>
        ))}
        {others.map((event) => (
          <li key={event.id}>
            <Link to="/e/$code" params={{ code: event.code }} className={styles.event}>
              <span className={styles.eventTitle}>{event.title}</span>
              <span className={styles.eventMeta}>
                <code>{event.code}</code> · visited
              </span>
              <IconArrowRight className={styles.eventArrow} size={20} aria-hidden="true" />
            </Link>
          </li>
        ))}
      </ul>
      {!isPending && !error && mine.length + others.length === 0 ? (
        <p className={styles.empty}>Events that you start or join on this device will be listed here.</p>
      ) : null}
    </section>
  )
}
