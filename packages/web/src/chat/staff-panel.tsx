import { Button, Switch } from '@mantine/core'
import { useNow } from '../shell/now.ts'
import { MessageText } from './message-text.tsx'
import { clockText } from './times.ts'
import styles from './staff.module.css'
import type { ChatRoom, ChatView } from './chat-room.ts'

const SECOND_MS = 1_000
/** The paces that are offered, in seconds; 0 is off. */
const SLOW_S = [0, 5, 15, 30, 60, 300]
const MUTE_CHECK_MS = 5_000

function slowText(seconds: number): string {
  if (seconds === 0) return 'Off'
  return seconds < 60 ? `${seconds} seconds` : seconds === 60 ? '1 minute' : `${seconds / 60} minutes`
}

/** What keeps a conversation civil: messages to approve, the pace, and who is muted or banned. */
export function StaffPanel({ room, view }: { room: ChatRoom; view: ChatView }) {
  const { staff, hold, slowMs } = view
  const now = useNow(staff && staff.muted.length > 0 ? MUTE_CHECK_MS : null)
  const slowS = slowMs / SECOND_MS
  const paces = SLOW_S.includes(slowS) ? SLOW_S : [...SLOW_S, slowS].toSorted((a, b) => a - b)
  const muted = staff?.muted.filter(({ until }) => until === null || until > now) ?? []
  return (
    <section className={styles.panel} aria-labelledby="staff-title">
      <h2 id="staff-title">For the hosts</h2>
      {staff && staff.held.length > 0 ? (
        <div className={styles.held}>
          <h3>Waiting for approval: {staff.held.length}</h3>
          <ul>
            {staff.held.map((item) => (
              <li key={item.seq} className={styles.heldItem}>
                <div className={styles.words}>
                  <strong>{item.by.name}</strong>
                  <MessageText text={item.text} />
                </div>
                <div className={styles.verdict}>
                  <Button size="sm" onClick={() => void room.send('approve', { target: item.seq })}>
                    Approve
                  </Button>
                  <Button size="sm" variant="default" onClick={() => void room.send('reject', { target: item.seq })}>
                    Reject
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <Switch
        label="Approve messages first"
        labelPosition="left"
        checked={hold}
        onChange={(event) => void room.send('hold', { on: event.currentTarget.checked })}
        size="md"
        classNames={{
          body: styles.switch ?? '',
          labelWrapper: styles.switchText ?? '',
          label: styles.switchLabel ?? '',
          track: styles.track ?? '',
        }}
      />
      <label className={styles.pace}>
        <span>Slow mode</span>
        <select
          value={slowS}
          onChange={(event) => void room.send('slow', { ms: Number(event.currentTarget.value) * SECOND_MS })}
        >
          {paces.map((seconds) => (
            <option key={seconds} value={seconds}>
              {slowText(seconds)}
            </option>
          ))}
        </select>
      </label>
      {muted.length > 0 ? (
        <div>
          <h3>Muted</h3>
          <ul className={styles.people}>
            {muted.map(({ user, name, until }) => (
              <li key={user}>
                <span>
                  {name} <small>{until === null ? 'for good' : `until ${clockText(until)}`}</small>
                </span>
                <Button size="sm" variant="subtle" onClick={() => void room.send('mute', { user, name, on: false })}>
                  Unmute
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {staff && staff.banned.length > 0 ? (
        <div>
          <h3>Banned from the chat</h3>
          <ul className={styles.people}>
            {staff.banned.map(({ user, name }) => (
              <li key={user}>
                <span>{name}</span>
                <Button size="sm" variant="subtle" onClick={() => void room.send('ban', { user, name, on: false })}>
                  Lift the ban
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}
