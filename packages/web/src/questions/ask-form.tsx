import { ActionIcon, Switch } from '@mantine/core'
import { QUESTIONS_LIMITS } from '@plenary/kinds'
import { IconArrowUp, IconInfoCircle } from '@tabler/icons-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { useDraft } from '../chat/draft.ts'
import styles from './ask.module.css'
import type { QuestionsView } from '@plenary/kinds'
import type { KeyboardEvent } from 'react'
import type { Me, QuestionsRoom } from './questions-room.ts'

/** From so few characters left on, they are counted. */
const COUNT_FROM = 100

interface AskFormProps {
  room: QuestionsRoom
  me: Me
  /** Whether one may ask without one's name, and from whom it is hidden then. */
  anonymous: QuestionsView['anonymous']
  /** It will wait for approval. */
  hold: boolean
  /** Nothing can be asked now. */
  closed: boolean
}

/** Where one asks; it says beforehand who will see one's name, and that a question waits when it does. */
export function AskForm({ room, me, anonymous, hold, closed }: AskFormProps) {
  const [text, setText] = useDraft(room.id)
  const [hidden, setHidden] = useState(false)
  const [open, setOpen] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [text])

  const wanted = text.trim()
  const left = QUESTIONS_LIMITS.textChars - wanted.length
  const nameless = hidden && anonymous !== 'off'
  const ask = () => {
    if (wanted === '' || left < 0 || closed) return
    void room.send('ask', { text: wanted, anonymous: nameless })
    setText('')
    setHidden(false)
    setOpen(false)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    ask()
  }
  if (closed)
    return (
      <p className={styles.closed} role="note">
        <IconInfoCircle size={18} stroke={1.75} aria-hidden="true" />
        The hosts take no more questions for now.
      </p>
    )
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      {open || wanted !== '' ? (
        <div className={styles.terms}>
          {anonymous === 'off' ? (
            <p>You ask as {me.name}. Everyone sees your name.</p>
          ) : (
            <>
              <Switch
                size="md"
                checked={hidden}
                onChange={(event) => setHidden(event.currentTarget.checked)}
                label="Ask without my name"
                aria-describedby="who-sees"
                classNames={{ track: styles.track ?? '', label: styles.switchLabel ?? '' }}
              />
              <p id="who-sees">
                {!hidden
                  ? `You ask as ${me.name}. Everyone sees your name.`
                  : anonymous === 'audience'
                    ? 'The audience does not see your name. The hosts do.'
                    : 'Nobody sees your name, not even the hosts.'}
              </p>
            </>
          )}
          {hold ? <p>The hosts read each question before it is shown.</p> : null}
        </div>
      ) : null}
      <div className={styles.field}>
        <textarea
          ref={field}
          className={styles.text}
          rows={1}
          aria-label="Your question"
          aria-describedby={left <= COUNT_FROM ? 'question-left' : undefined}
          aria-invalid={left < 0 || undefined}
          placeholder="Ask a question"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
          onFocus={() => setOpen(true)}
          enterKeyHint="send"
          autoComplete="off"
          dir="auto"
        />
        {left <= COUNT_FROM ? (
          <span id="question-left" className={styles.count} data-over={left < 0 || undefined}>
            {left < 0 ? `${-left} too many` : `${left} left`}
          </span>
        ) : null}
        <ActionIcon
          type="submit"
          variant="filled"
          aria-label="Ask"
          disabled={wanted === '' || left < 0}
          className={styles.send}
        >
          <IconArrowUp size={22} stroke={2} />
        </ActionIcon>
      </div>
    </form>
  )
}
