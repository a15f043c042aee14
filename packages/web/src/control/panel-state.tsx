import styles from './lines.module.css'
import type { RoomSnapshot } from '@plenary/client'

/** A panel without its room's view: not there yet, or refused. */
export function PanelState({ snapshot }: { snapshot: Pick<RoomSnapshot, 'state' | 'failure'> }) {
  return (
    <div className={styles.empty} role="status">
      {snapshot.state === 'refused' ? (
        <p>{snapshot.failure?.message ?? 'You cannot be in this room.'}</p>
      ) : (
        <p>Loading…</p>
      )}
    </div>
  )
}
