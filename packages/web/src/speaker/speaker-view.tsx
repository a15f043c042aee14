import { useRoom } from '@plenary/client/react'
import { timeLeft } from '@plenary/kinds'
import { questions } from '@plenary/kinds/client'
import { Link } from '@tanstack/react-router'
import { IconArrowLeft, IconMaximize } from '@tabler/icons-react'
import { useEffect } from 'react'
import { ConnectionBanner } from '../event/connection-banner.tsx'
import { useEventNow } from '../event/session-context.ts'
import { clockText } from '../chat/times.ts'
import { useRoomOf, type QuestionsRoom, type StageRoom } from '../control/rooms.ts'
import { elapsedText, leftText } from '../control/time-text.ts'
import { useServerNow } from '../control/use-server-now.ts'
import { useSpeech } from '../shell/announcer.tsx'
import { questionFor } from './question-for.ts'
import { usePrompt } from './use-prompt.ts'
import { useAwake } from './use-awake.ts'
import styles from './speaker.module.css'
import type { Prompt } from '@plenary/kinds'

const TICK_MS = 250
/** The digits change colour when so much is left. */
const NEAR_MS = 60_000

/** Time in digits that are read from across a stage; what is on, what comes, what the control room says, what is asked. */
export function SpeakerView({ room }: { room: StageRoom }) {
  const { event, status } = useEventNow()
  const { prompt, state, failure } = usePrompt(room)
  const questionsRoom = useRoomOf(questions)
  const { view } = useRoom(room)
  useAwake()
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/e/$code" params={{ code: event.code }} className={styles.icon} aria-label="To the event">
          <IconArrowLeft size={22} stroke={1.75} aria-hidden="true" />
        </Link>
        <h1>{event.title}</h1>
        {document.fullscreenEnabled ? (
          <button
            type="button"
            className={styles.icon}
            aria-label="Full screen"
            // A refusal leaves the page as it is.
            onClick={() => void document.documentElement.requestFullscreen().catch(() => undefined)}
          >
            <IconMaximize size={22} stroke={1.75} aria-hidden="true" />
          </button>
        ) : null}
      </header>
      <ConnectionBanner status={status} ended={event.status === 'ended'} />
      {prompt === null ? (
        <main className={styles.waiting}>
          <p role="status">
            {state === 'refused' ? (failure ?? 'The stage does not let you in.') : 'Getting the stage ready for you…'}
          </p>
        </main>
      ) : (
        <main className={styles.main}>
          <Now prompt={prompt} held={view?.hold ?? null} over={view?.programme.until != null} />
          <div className={styles.side}>
            <Messages messages={prompt.messages} />
            {questionsRoom ? <Asked room={questionsRoom} /> : null}
          </div>
        </main>
      )}
    </div>
  )
}

interface NowProps {
  prompt: Prompt
  held: { text: string | null } | null
  over: boolean
}

function Now({ prompt, held, over }: NowProps) {
  const now = useServerNow(TICK_MS)
  const left = over ? null : timeLeft(prompt, now)
  const { now: cue, next } = prompt
  return (
    <section className={styles.now} aria-label="On now">
      <p className={styles.caption}>
        {held ? 'On hold' : over ? 'The programme is over' : cue ? 'On now' : 'Nothing is on yet'}
      </p>
      <h2 data-testid="speaker-now">{cue?.title ?? '—'}</h2>
      <p
        className={styles.digits}
        role="timer"
        aria-live="off"
        data-testid="speaker-left"
        data-over={(left !== null && left < 0) || undefined}
        data-near={(left !== null && left >= 0 && left <= NEAR_MS) || undefined}
        data-long={(left !== null && Math.abs(left) >= 3_600_000) || undefined}
      >
        {left === null ? '–:––' : leftText(left)}
      </p>
      <p className={styles.caption}>
        {left === null ? ' ' : left < 0 ? 'over time' : cue ? `of ${elapsedText(cue.plannedMs)}` : ' '}
      </p>
      {cue && cue.notes !== '' ? (
        <p className={styles.notes} dir="auto">
          {cue.notes}
        </p>
      ) : null}
      <p className={styles.next}>
        <span className={styles.caption}>Next</span>
        <strong data-testid="speaker-next">{next?.title ?? 'Nothing after this'}</strong>
        {next && next.notes !== '' ? <span dir="auto">{next.notes}</span> : null}
      </p>
    </section>
  )
}

function Messages({ messages }: { messages: Prompt['messages'] }) {
  const { announce } = useSpeech()
  const newest = messages.at(-1)
  const said = newest === undefined ? null : newest.text
  useEffect(() => {
    if (said !== null) announce(`Control room: ${said}`)
  }, [said, announce])
  return (
    <section className={styles.card} aria-label="From the control room">
      <h2>From the control room</h2>
      {messages.length === 0 ? <p className={styles.nothing}>What they tell you stands here.</p> : null}
      <ol className={styles.messages}>
        {messages.toReversed().map(({ id, at, by, text }, index) => (
          <li key={id} data-newest={index === 0 || undefined}>
            <p dir="auto">{text}</p>
            <small>
              {by}, {clockText(at)}
            </small>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Asked({ room }: { room: QuestionsRoom }) {
  const { view } = useRoom(room)
  const question = view === null ? null : questionFor(view.questions)
  return (
    <section className={styles.card} aria-label="Question">
      <h2>{question?.status === 'live' ? 'To be answered now' : 'Pinned question'}</h2>
      {question === null ? (
        <p className={styles.nothing}>No question is pinned.</p>
      ) : (
        <blockquote className={styles.question}>
          <p dir="auto" data-testid="speaker-question">
            {question.text}
          </p>
          <footer>{question.by?.name ?? 'Anonymous'}</footer>
        </blockquote>
      )}
    </section>
  )
}
