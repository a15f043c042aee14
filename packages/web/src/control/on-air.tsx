import { nextCue, previewOf } from '@plenary/kinds'
import { Screen } from './screen.tsx'
import { useServerNow } from './use-server-now.ts'
import styles from './on-air.module.css'
import type { Backstage, OnStage } from '@plenary/kinds'

const TICK_MS = 1_000

/** What attendees see, and what they would see with the next cue. */
export function OnAir({ view, backstage }: { view: OnStage; backstage: Backstage }) {
  const now = useServerNow(TICK_MS)
  const next = nextCue(backstage)
  const ended = backstage.live.until !== null
  return (
    <div className={styles.pair}>
      <figure className={styles.figure} data-live data-testid="on-air">
        <figcaption>Attendees see</figcaption>
        <Screen on={view} />
      </figure>
      <figure className={styles.figure} data-testid="preview">
        <figcaption>{next && !ended ? `Next: ${next.title}` : 'Next'}</figcaption>
        {next && !ended ? (
          <Screen on={{ ...previewOf(backstage, next.id, now), hold: null }} />
        ) : (
          <div className={styles.nothing}>No cue after this one.</div>
        )}
      </figure>
    </div>
  )
}
