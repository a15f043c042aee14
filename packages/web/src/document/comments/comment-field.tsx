import { Button } from '@mantine/core'
import { DOCUMENT_LIMITS } from '@plenary/kinds/document'
import { useId, useRef, useState } from 'react'
import { complete, mentionAt, mentionsIn, offered } from '../../chat/mention.ts'
import styles from './comments.module.css'
import type { UserId } from '@plenary/kinds'
import type { Candidate, MentionQuery } from '../../chat/mention.ts'
import type { KeyboardEvent } from 'react'

interface CommentFieldProps {
  label: string
  action: string
  people: readonly Candidate[]
  start?: string
  /** The field takes the focus when it comes. */
  focus?: boolean
  onSend(text: string, mentions: UserId[]): Promise<unknown>
  onCancel?(): void
}

/** A field to comment in: @ mentions people, Ctrl+Enter sends, Escape gives up. */
export function CommentField({
  label,
  action,
  people,
  start = '',
  focus = false,
  onSend,
  onCancel,
}: CommentFieldProps) {
  const [text, setText] = useState(start)
  const [query, setQuery] = useState<MentionQuery | null>(null)
  const [active, setActive] = useState(0)
  const [sending, setSending] = useState(false)
  const picked = useRef(
    new Map<string, string>(people.filter(({ name }) => start.includes(`@${name}`)).map(({ id, name }) => [id, name])),
  )
  const field = useRef<HTMLTextAreaElement>(null)
  const listId = useId()
  const offers = query === null ? [] : offered(people, query.typed)

  const pick = ({ id, name }: Candidate) => {
    const box = field.current
    if (query === null || box === null) return
    const done = complete(text, query, name)
    picked.current.set(id, name)
    setText(done.text)
    setQuery(null)
    requestAnimationFrame(() => box.setSelectionRange(done.caret, done.caret))
  }
  const send = async () => {
    const words = text.trim()
    if (words === '' || sending) return
    setSending(true)
    try {
      await onSend(words, mentionsIn(words, picked.current) as UserId[])
      setText('')
    } finally {
      setSending(false)
    }
  }
  const keys = (event: KeyboardEvent) => {
    const offer = offers[active]
    if (offer !== undefined && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab'].includes(event.key)) {
      event.preventDefault()
      if (event.key === 'ArrowDown') setActive((active + 1) % offers.length)
      else if (event.key === 'ArrowUp') setActive((active + offers.length - 1) % offers.length)
      else pick(offer)
      return
    }
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (query === null) onCancel?.()
      else setQuery(null)
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void send()
    }
  }
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <textarea
        ref={field}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it comes because somebody asked to write
        autoFocus={focus}
        aria-label={label}
        placeholder={label}
        rows={2}
        maxLength={DOCUMENT_LIMITS.commentChars}
        value={text}
        aria-autocomplete="list"
        aria-controls={offers.length > 0 ? listId : undefined}
        aria-activedescendant={offers.length > 0 ? `${listId}-${active}` : undefined}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget
          setText(value)
          setQuery(mentionAt(value, selectionStart))
          setActive(0)
        }}
        onKeyDown={keys}
      />
      {offers.length > 0 ? (
        <ul id={listId} className={styles.offers} role="listbox" aria-label="People to mention">
          {offers.map((candidate, index) => (
            <li
              key={candidate.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerDown={(event) => {
                event.preventDefault()
                pick(candidate)
              }}
            >
              {candidate.name}
            </li>
          ))}
        </ul>
      ) : null}
      {text.trim() === '' && !onCancel ? null : (
        <div className={styles.acts}>
          <Button type="submit" size="sm" disabled={text.trim() === ''} loading={sending}>
            {action}
          </Button>
          {onCancel ? (
            <Button size="sm" variant="subtle" onClick={onCancel}>
              Cancel
            </Button>
          ) : null}
        </div>
      )}
    </form>
  )
}
