import { useRoom } from '@plenary/client/react'
import { audienceOf } from '@plenary/kinds'
import { chat } from '@plenary/kinds/client'
import { clockText } from '../chat/times.ts'
import { RoleBadge } from '../chat/role-badge.tsx'
import { useNow } from '../shell/now.ts'
import { useBan } from './ban.ts'
import { Lines, type LineAct } from './lines.tsx'
import { PanelState } from './panel-state.tsx'
import { useActRefusals } from './refusals.ts'
import { may } from './may.ts'
import type { ChatRoom } from './rooms.ts'
import { useUndoing } from './undoing.tsx'
import form from './form.module.css'
import styles from './queue.module.css'
import type { api, HeldMessage, Message } from '@plenary/kinds'

const MUTE_MS = 5 * 60_000
const MUTE_CHECK_MS = 5_000

type Item = { held: true; message: HeldMessage } | { held: false; message: Message }

/** What waits for approval, and what is being said; one key each for what has to be done about it. */
export function ChatPanel({ room, me }: { room: ChatRoom; me: api.Me }) {
  const snapshot = useRoom(room)
  useActRefusals(room)
  const { view } = snapshot
  const { act } = useUndoing()
  const ban = useBan()
  const now = useNow(MUTE_CHECK_MS)
  if (view === null) return <PanelState snapshot={snapshot} />

  const allowed = (type: string) => may(chat, type, me.role)
  const mutedNow = (user: string) =>
    view.staff?.muted.some((one) => one.user === user && (one.until === null || one.until > now)) ?? false
  const inReach = ({ message: { by } }: Item) => by.id !== me.id && audienceOf(by.role) !== 'staff'
  const removed = (item: Item) => !item.held && item.message.removed !== undefined
  const of = ({ message }: Item) => `a message by ${message.by.name}`
  const acts: LineAct<Item>[] = [
    {
      does: 'approve',
      label: 'Approve',
      kind: 'strong',
      can: ({ held }) => held && allowed('approve'),
      run: ({ message }) => act(room.send('approve', { target: message.seq })),
    },
    {
      does: 'delete',
      label: ({ held }) => (held ? 'Reject' : 'Delete'),
      kind: 'danger',
      can: (item) => !removed(item) && allowed('delete'),
      run: (item) => {
        const target = item.message.seq
        const back = () => room.send('restore', { target })
        if (item.held) act(room.send('reject', { target }), { done: `Rejected ${of(item)}`, back })
        else if (item.message.by.id === me.id) act(room.send('delete', { target }))
        else act(room.send('delete', { target }), { done: `Deleted ${of(item)}`, back })
      },
    },
    {
      does: 'restore',
      label: 'Restore',
      can: (item) => !item.held && item.message.removed === 'staff' && allowed('restore'),
      run: ({ message }) => act(room.send('restore', { target: message.seq })),
    },
    {
      does: 'pin',
      label: (item) => (!item.held && item.message.pinned ? 'Unpin' : 'Pin'),
      can: (item) => !item.held && !removed(item) && allowed('pin'),
      run: (item) => act(room.send('pin', { target: item.message.seq, on: item.held || !item.message.pinned })),
    },
    {
      does: 'mute',
      label: ({ message }) => (mutedNow(message.by.id) ? 'Unmute' : 'Mute 5 min'),
      can: (item) => inReach(item) && allowed('mute'),
      run: ({ message: { by } }) => {
        const who = { user: by.id, name: by.name }
        if (mutedNow(by.id)) return act(room.send('mute', { ...who, on: false }))
        act(room.send('mute', { ...who, on: true, forMs: MUTE_MS }), {
          done: `Muted ${by.name}`,
          back: () => room.send('mute', { ...who, on: false }),
        })
      },
    },
    {
      does: 'ban',
      label: 'Ban',
      kind: 'danger',
      can: (item) => inReach(item) && allowed('ban'),
      run: ({ message: { by } }) => ban(by),
    },
  ]
  const held = view.staff?.held ?? []
  return (
    <>
      <div className={styles.switches}>
        <label className={form.check}>
          <input
            type="checkbox"
            checked={view.hold}
            disabled={!allowed('hold')}
            onChange={({ currentTarget }) => act(room.send('hold', { on: currentTarget.checked }))}
          />
          Approve first
        </label>
        <label className={form.check}>
          Slow mode
          <select
            className={styles.select}
            value={view.slowMs}
            disabled={!allowed('slow')}
            onChange={({ currentTarget }) => act(room.send('slow', { ms: Number(currentTarget.value) }))}
          >
            {paces(view.slowMs).map((ms) => (
              <option key={ms} value={ms}>
                {ms === 0 ? 'off' : `${ms / 1_000} s`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Lines<Item>
        id="panel-chat"
        label="Chat"
        sections={[
          { title: `Waiting: ${held.length}`, urgent: true, items: held.map((message) => ({ held: true, message })) },
          { title: 'Newest first', items: view.messages.toReversed().map((message) => ({ held: false, message })) },
        ]}
        idOf={({ message }) => `chat-${message.seq}`}
        renderLine={(item) => <ChatLine item={item} muted={mutedNow(item.message.by.id)} />}
        acts={acts}
        empty={<p>Nobody has written yet.</p>}
      />
    </>
  )
}

const PACES_MS = [0, 5_000, 15_000, 30_000, 60_000, 300_000]
function paces(now: number): number[] {
  return PACES_MS.includes(now) ? PACES_MS : [...PACES_MS, now].toSorted((a, b) => a - b)
}

function ChatLine({ item, muted }: { item: Item; muted: boolean }) {
  const { message } = item
  const removed = item.held ? undefined : item.message.removed
  return (
    <div className={styles.item} data-held={item.held || undefined}>
      <span className={styles.by}>
        <strong>{message.by.name}</strong>
        <RoleBadge role={message.by.role} />
        {muted ? <span className={styles.mark}>muted</span> : null}
        {!item.held && item.message.pinned ? <span className={styles.mark}>pinned</span> : null}
        <time dateTime={new Date(message.at).toISOString()}>{clockText(message.at)}</time>
      </span>
      <span className={styles.words} dir="auto">
        {removed === undefined ? message.text : <em>{removed === 'staff' ? 'Removed by the hosts' : 'Deleted'}</em>}
      </span>
    </div>
  )
}
