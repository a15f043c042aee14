import { audienceOf } from '@plenary/kinds'
import { MessageRow } from './message-row.tsx'
import { HeldRow, PendingRow } from './pending-row.tsx'
import { dayText } from './times.ts'
import styles from './timeline.module.css'
import type { ChatMine, Me, Message } from './chat-room.ts'
import type { Overlay } from './overlay.ts'
import type { Row } from './rows.ts'

const NO_REACTIONS: readonly string[] = []

export interface RowViewProps {
  row: Row
  now: number
  me: Me
  mine: ChatMine | null
  overlays: ReadonlyMap<number, Overlay>
  recentFrom: number
  mentioned(message: Message): string
  onMenu(message: Message, from: HTMLElement): void
  onReact(message: Message, emoji: string, on: boolean): void
  onQuote(seq: number): void
  onRetry(id: string): void
  onDiscard(id: string): void
}

/** One line of the timeline, whatever it is. */
export function RowView({
  row,
  now,
  me,
  mine,
  overlays,
  recentFrom,
  mentioned,
  onMenu,
  onReact,
  onQuote,
  onRetry,
  onDiscard,
}: RowViewProps) {
  switch (row.kind) {
    case 'day':
      return (
        <p className={styles.day}>
          <span>{dayText(row.at, now)}</span>
        </p>
      )
    case 'message': {
      const { message, first } = row
      return (
        <MessageRow
          message={message}
          first={first}
          own={message.by.id === me.id}
          mentionsMe={message.by.id !== me.id && message.mentions.includes(me.id) && !message.removed}
          mentioned={mentioned(message)}
          reacted={mine?.reacted[message.seq] ?? NO_REACTIONS}
          overlay={overlays.get(message.seq)}
          recent={message.seq >= recentFrom}
          actions={message.removed === undefined || audienceOf(me.role) === 'staff'}
          onMenu={onMenu}
          onReact={onReact}
          onQuote={onQuote}
        />
      )
    }
    case 'held':
      return <HeldRow held={row.held} first={row.first} />
    case 'pending':
      return <PendingRow pending={row.pending} first={row.first} onRetry={onRetry} onDiscard={onDiscard} />
  }
}
