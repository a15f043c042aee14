import { ActionIcon } from '@mantine/core'
import { IconCornerUpLeft, IconDots, IconPinFilled } from '@tabler/icons-react'
import { memo, useMemo } from 'react'
import { Avatar } from './avatar.tsx'
import { MessageText } from './message-text.tsx'
import { chipsOf } from './overlay.ts'
import { RoleBadge } from './role-badge.tsx'
import { clockText, fullText } from './times.ts'
import styles from './message.module.css'
import type { Message } from './chat-room.ts'
import type { Overlay } from './overlay.ts'
import type { Mentioned } from './segments.ts'

const NOBODY: readonly Mentioned[] = []

export interface MessageRowProps {
  message: Message
  first: boolean
  own: boolean
  mentionsMe: boolean
  /** Whom it names, as the JSON of `Mentioned[]`: one string, so that an unchanged row is not drawn again. */
  mentioned: string
  /** My reactions on it. */
  reacted: readonly string[]
  overlay: Overlay | undefined
  /** Whether it can still be reacted to. */
  recent: boolean
  /** Whether there is anything to be done with it. */
  actions: boolean
  onMenu(message: Message, from: HTMLElement): void
  onReact(message: Message, emoji: string, on: boolean): void
  onQuote(seq: number): void
}

/** One saved message. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, first, own, mentionsMe, overlay, onMenu } = props
  const chips = chipsOf(message.reactions, props.reacted, overlay?.reacts ?? {})
  const text = overlay?.text ?? message.text
  const mentioned = useMemo(
    () => (props.mentioned === '' ? NOBODY : (JSON.parse(props.mentioned) as Mentioned[])),
    [props.mentioned],
  )
  return (
    <article
      className={styles.message}
      tabIndex={-1}
      aria-label={`${own ? 'You' : message.by.name}, ${clockText(message.at)}`}
      data-seq={message.seq}
      data-own={own || undefined}
      data-state={own ? (overlay ? (overlay.kept ? 'kept' : 'sending') : 'saved') : undefined}
      data-first={first || undefined}
      data-mentions-me={mentionsMe || undefined}
    >
      {own ? null : (
        <span className={styles.seat}>{first ? <Avatar id={message.by.id} name={message.by.name} /> : null}</span>
      )}
      <div className={styles.column}>
        {first ? (
          <header className={styles.head}>
            {own ? null : <span className={styles.name}>{message.by.name}</span>}
            {own ? null : <RoleBadge role={message.by.role} />}
            <time dateTime={new Date(message.at).toISOString()} title={fullText(message.at)}>
              {clockText(message.at)}
            </time>
          </header>
        ) : null}
        <div className={styles.bubble} data-removed={message.removed !== undefined || undefined}>
          {message.replyTo && !message.removed ? <Quoted quote={message.replyTo} onQuote={props.onQuote} /> : null}
          {message.removed ? (
            <p className={styles.tombstone}>
              {message.removed === 'staff' ? 'Removed by the hosts' : 'Deleted by its author'}
            </p>
          ) : (
            <MessageText text={text} mentioned={mentioned} />
          )}
        </div>
        <footer className={styles.foot}>
          {message.pinned ? (
            <span className={styles.note}>
              <IconPinFilled size={14} aria-hidden="true" /> Pinned
            </span>
          ) : null}
          {message.edited && !message.removed && overlay?.text === undefined ? (
            <span className={styles.note}>edited</span>
          ) : null}
          {overlay?.text === undefined ? null : (
            <span className={styles.note}>{overlay.kept ? 'Edit kept on this device' : 'Saving the edit…'}</span>
          )}
          {chips.map(({ emoji, count, mine }) => (
            <button
              key={emoji}
              type="button"
              className={styles.chip}
              tabIndex={-1}
              aria-pressed={mine}
              aria-label={`${emoji}, ${count}`}
              disabled={!props.recent}
              onClick={() => props.onReact(message, emoji, !mine)}
            >
              <span aria-hidden="true">{emoji}</span> <span aria-hidden="true">{count}</span>
            </button>
          ))}
        </footer>
      </div>
      {props.actions ? (
        <ActionIcon
          className={styles.more}
          tabIndex={-1}
          aria-label="Message actions"
          aria-haspopup="menu"
          onClick={(event) => onMenu(message, event.currentTarget)}
        >
          <IconDots size={20} stroke={1.75} />
        </ActionIcon>
      ) : null}
    </article>
  )
})

function Quoted({ quote, onQuote }: { quote: NonNullable<Message['replyTo']>; onQuote(seq: number): void }) {
  return (
    <button type="button" className={styles.quote} tabIndex={-1} onClick={() => onQuote(quote.seq)}>
      <IconCornerUpLeft size={14} aria-hidden="true" />
      <span className={styles.quoteName}>{quote.name}</span>
      <span className={styles.quoteText}>{quote.excerpt === '' ? 'a message that is gone' : quote.excerpt}</span>
    </button>
  )
}
