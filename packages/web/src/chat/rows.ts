import type { HeldMessage, Message } from '@plenary/kinds'
import type { PendingPost } from './chat-room.ts'

/** One line of the timeline. `first` starts a run of one author's messages and carries the name. */
export type Row =
  | { key: string; kind: 'day'; at: number }
  | { key: string; kind: 'message'; message: Message; first: boolean }
  | { key: string; kind: 'held'; held: HeldMessage; first: boolean }
  | { key: string; kind: 'pending'; pending: PendingPost; first: boolean }

/** Within this long, in milliseconds, one author's next message joins the run. */
const RUN_MS = 5 * 60_000

const dayOf = (at: number): string => new Date(at).toDateString()

/** The timeline from top to bottom: what is saved, then what of mine waits for approval, then what is still on its way. */
export function buildRows(
  messages: readonly Message[],
  held: readonly HeldMessage[],
  pending: readonly PendingPost[],
  me: string,
): Row[] {
  const rows: Row[] = []
  let day = ''
  let run = { by: '', at: 0 }
  const begins = (by: string, at: number): boolean => {
    const today = dayOf(at)
    const newDay = today !== day
    if (newDay) rows.push({ key: `day:${today}`, kind: 'day', at })
    const first = newDay || run.by !== by || at - run.at > RUN_MS
    day = today
    run = { by, at }
    return first
  }
  for (const message of messages) {
    const first = begins(message.by.id, message.at) || message.replyTo !== undefined
    rows.push({ key: `m:${message.seq}`, kind: 'message', message, first })
    // A removed message has no author to be in a run with.
    if (message.removed) run = { by: '', at: 0 }
  }
  for (const item of held) rows.push({ key: `h:${item.seq}`, kind: 'held', held: item, first: begins(me, item.at) })
  for (const item of pending)
    rows.push({ key: `p:${item.id}`, kind: 'pending', pending: item, first: begins(me, item.at) })
  return rows
}
