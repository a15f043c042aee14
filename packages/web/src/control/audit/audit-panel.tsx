import { clockText } from '../../chat/times.ts'
import { useAudit } from './use-audit.ts'
import styles from './audit.module.css'
import type { Room } from '@plenary/client'

/** Who did what, the newest first. */
export function AuditPanel({ rooms }: { rooms: readonly Room[] }) {
  const { lines, state } = useAudit(rooms)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className={styles.panel} id="panel-audit" tabIndex={0} role="region" aria-label="Who did what">
      {state === 'failed' ? (
        <p role="alert">What was done before could not be loaded. What is done now still shows.</p>
      ) : null}
      {state === 'loading' && lines.length === 0 ? <p>Loading…</p> : null}
      {state === 'there' && lines.length === 0 ? <p>Nothing was done yet.</p> : null}
      <ol>
        {lines.map(({ id, at, who, did }) => (
          <li key={id}>
            <time dateTime={new Date(at).toISOString()}>{clockText(at)}</time>
            <span>
              <strong>{who}</strong> {did}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
