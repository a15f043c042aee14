import { ActionIcon } from '@mantine/core'
import { IconArrowUp, IconCheck } from '@tabler/icons-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useDraft } from './draft.ts'
import { ComposerNote } from './composer-note.tsx'
import { complete, mentionAt, mentionsIn, offered } from './mention.ts'
import { MentionPicker } from './mention-picker.tsx'
import { useTypingSignal } from './typing-signal.ts'
import styles from './composer.module.css'
import type { ChatRoom, Message } from './chat-room.ts'
import type { Intent } from './intent.ts'
import type { Candidate, MentionQuery } from './mention.ts'
import type { ChangeEvent, KeyboardEvent, SubmitEvent } from 'react'

/** Longest message, in characters, as the room takes it. */
const TEXT_MAX = 2_000
/** From so few characters left on, they are counted. */
const COUNT_FROM = 200

interface ComposerProps {
  room: ChatRoom
  intent: Intent
  /** Why nothing can be posted now; null when it can. */
  barred: string | null
  /** Something to know before sending: that it will wait for approval, that others wait too. */
  hint: string | null
  candidates: readonly Candidate[]
  onIntent(intent: Intent): void
  onEditLast(): void
  onPost(text: string, mentions: string[], replyTo: number | undefined): void
  onEdit(message: Message, text: string): void
}

/** Where one writes. Enter sends, Shift+Enter makes a line, @ mentions, arrow up in an empty field edits the last message. */
export function Composer(props: ComposerProps) {
  const { room, intent, barred, hint, candidates, onIntent } = props
  const [draft, setDraft] = useDraft(room.id)
  const field = useRef<HTMLTextAreaElement>(null)
  const [edited, setEdited] = useState<{ seq: number; text: string } | null>(null)
  const subject = intent.kind === 'edit' ? intent.message : null
  const editing = subject !== null
  const text = subject === null ? draft : edited?.seq === subject.seq ? edited.text : subject.text
  const setText = (next: string) => (subject === null ? setDraft(next) : setEdited({ seq: subject.seq, text: next }))
  const picked = useRef(new Map<string, string>())
  const caretTo = useRef<number | null>(null)
  const [query, setQuery] = useState<MentionQuery | null>(null)
  const [active, setActive] = useState(0)
  const tellTyping = useTypingSignal(room)
  const offers = useMemo(
    () => (query && !editing ? offered(candidates, query.typed) : []),
    [query, editing, candidates],
  )

  useEffect(() => {
    if (intent.kind !== 'post') field.current?.focus()
  }, [intent])

  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
    if (caretTo.current !== null) {
      element.setSelectionRange(caretTo.current, caretTo.current)
      caretTo.current = null
    }
  }, [text])

  const wanted = text.trim()
  const left = TEXT_MAX - wanted.length
  const blocked = wanted === '' || left < 0 || (barred !== null && !editing)

  const cancel = () => {
    setEdited(null)
    onIntent({ kind: 'post' })
    field.current?.focus()
  }
  const send = () => {
    if (blocked) return
    if (intent.kind === 'edit') {
      if (wanted !== intent.message.text) props.onEdit(intent.message, wanted)
    } else {
      props.onPost(wanted, mentionsIn(wanted, picked.current), intent.kind === 'reply' ? intent.to.seq : undefined)
      setDraft('')
      picked.current.clear()
    }
    tellTyping(false)
    setQuery(null)
    cancel()
  }
  const pick = (candidate: Candidate) => {
    if (!query) return
    const done = complete(text, query, candidate.name)
    picked.current.set(candidate.id, candidate.name)
    caretTo.current = done.caret
    setText(done.text)
    setQuery(null)
    field.current?.focus()
  }
  const change = (event: ChangeEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart } = event.currentTarget
    setText(value)
    setQuery(mentionAt(value, selectionStart))
    setActive(0)
    if (!editing) tellTyping(value.trim() !== '')
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An input method is still composing: its Enter is not ours.
    if (event.nativeEvent.isComposing) return
    if (offers.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      const chosen = offers[active]
      if (step !== 0) {
        event.preventDefault()
        setActive((active + step + offers.length) % offers.length)
        return
      }
      if ((event.key === 'Enter' || event.key === 'Tab') && chosen) {
        event.preventDefault()
        pick(chosen)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        setQuery(null)
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && intent.kind !== 'post') {
      event.preventDefault()
      cancel()
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault()
      props.onEditLast()
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    send()
  }
  const offering = offers.length > 0

  return (
    <form className={styles.composer} onSubmit={submit}>
      <ComposerNote intent={intent} barred={barred} hint={hint} onCancel={cancel} />
      {offering ? <MentionPicker offers={offers} active={active} onPick={pick} /> : null}
      <div className={styles.field}>
        <textarea
          ref={field}
          className={styles.text}
          rows={1}
          aria-label="Message"
          aria-autocomplete="list"
          aria-controls={offering ? 'mention-picker' : undefined}
          aria-activedescendant={offering ? `mention-${active}` : undefined}
          aria-describedby={left <= COUNT_FROM ? 'message-left' : undefined}
          aria-invalid={left < 0 || undefined}
          placeholder={editing ? 'Edit your message' : 'Write a message'}
          value={text}
          onChange={change}
          onKeyDown={keys}
          onBlur={() => {
            setQuery(null)
            tellTyping(false)
          }}
          onSelect={(event) => {
            const { value, selectionStart } = event.currentTarget
            if (query) setQuery(mentionAt(value, selectionStart))
          }}
          enterKeyHint="send"
          autoComplete="off"
          dir="auto"
        />
        {left <= COUNT_FROM ? (
          <span id="message-left" className={styles.count} data-over={left < 0 || undefined}>
            {left < 0 ? `${-left} too many` : `${left} left`}
          </span>
        ) : null}
        <ActionIcon
          type="submit"
          variant="filled"
          aria-label={editing ? 'Save edit' : 'Send'}
          disabled={blocked}
          className={styles.send}
        >
          {editing ? <IconCheck size={22} stroke={2} /> : <IconArrowUp size={22} stroke={2} />}
        </ActionIcon>
      </div>
    </form>
  )
}
