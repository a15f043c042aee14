import { useMemo } from 'react'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { Scene } from '../stage/scene.tsx'
import styles from './on-air.module.css'
import type { Millis, OnStage } from '@plenary/kinds'

/** The attendees' own stage in small: nothing in it plays or can be pressed. `at`: the moment that it is looked at; now without. */
export function Screen({ on, at }: { on: OnStage; at?: Millis }) {
  const session = useEventRoot()
  const { event } = useEventNow()
  const clock = useMemo(() => (at === undefined ? session.now : () => at), [session, at])
  return (
    <div className={styles.screen}>
      <div className={styles.small} inert>
        <Scene stage={on} title={event.title} clock={clock} preview />
      </div>
      {on.announcement === null ? null : <div className={styles.pinned}>{on.announcement}</div>}
    </div>
  )
}
