import { votesOf } from '@plenary/kinds'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import { PollResults } from '../control/polls/results.tsx'
import { Screen } from '../control/screen.tsx'
import { elapsedText } from '../control/time-text.ts'
import { clockText, fullText } from '../chat/times.ts'
import { useEventNow } from '../event/session-context.ts'
import { Frame } from '../shell/frame.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Exports } from './exports.tsx'
import { Track } from './track-view.tsx'
import { useEvening, type Evening } from './use-evening.ts'
import styles from './afterwards.module.css'

/** The evening looked back on: what was on, what was said, asked and voted, at any moment. */
export function AfterwardsPage() {
  const { event } = useEventNow()
  const { loading, again } = useEvening()
  usePageTitle(`Afterwards · ${event.title}`)
  return (
    <Frame>
      <Link to="/e/$code" params={{ code: event.code }} className={styles.back}>
        <IconArrowLeft size={20} stroke={1.75} aria-hidden="true" />
        Back to the event
      </Link>
      <h1 className={styles.title}>Afterwards</h1>
      <Exports />
      {loading.state === 'loading' ? <p role="status">Reading the evening…</p> : null}
      {loading.state === 'empty' ? <p>Nothing has happened here yet, so there is nothing to look back on.</p> : null}
      {loading.state === 'failed' ? (
        <InlineFailure error={loading.error}>
          <Button size="sm" variant="subtle" onClick={again}>
            Try again
          </Button>
        </InlineFailure>
      ) : null}
      {loading.state === 'there' ? <Looking evening={loading.evening} /> : null}
    </Frame>
  )
}

function Looking({ evening }: { evening: Evening }) {
  const [at, setAt] = useState(evening.to)
  const stage = evening.stage.viewAt(at)
  const chat = evening.chat.viewAt(at)
  const questions = evening.questions.viewAt(at)
  const polls = evening.polls.viewAt(at)
  const span = evening.spans.findLast(({ from, to }) => from <= at && at <= to)
  const asked = questions.questions
    .map((question) => ({ question, votes: votesOf(question, questions, null) }))
    .toSorted((a, b) => b.votes - a.votes)
  return (
    <>
      {evening.cut ? (
        <p className={styles.note}>The evening was longer than is shown here; the export has all of it.</p>
      ) : null}
      <Track evening={evening} at={at} onMove={setAt} />
      <p className={styles.when} role="status">
        <strong title={fullText(at)}>{clockText(at)}</strong> {elapsedText(at - evening.from)} after the beginning
        {span?.text == null ? '' : ` · ${span.text}`}
      </p>
      <div className={styles.columns}>
        <section className={styles.card} aria-label="On the stage then">
          <h2>On the stage</h2>
          <Screen on={stage} at={at} />
        </section>
        <section className={styles.card} aria-label="Polls then">
          <h2>Polls</h2>
          {polls.polls.length === 0 ? <p className={styles.nothing}>No poll had been opened by then.</p> : null}
          {polls.polls.toReversed().map((poll) => (
            <div key={poll.id} className={styles.poll}>
              <h3>
                {poll.title} <small>{poll.results.votes === 1 ? '1 vote' : `${poll.results.votes} votes`}</small>
              </h3>
              <PollResults poll={poll} results={poll.results} />
            </div>
          ))}
        </section>
        <section className={styles.card} aria-label="Chat then">
          <h2>Chat</h2>
          {chat.messages.length === 0 ? <p className={styles.nothing}>Nobody had written by then.</p> : null}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
          <div className={styles.scrolls} tabIndex={0} role="region" aria-label="Messages up to then, the newest first">
            <ol>
              {chat.messages.toReversed().map(({ seq, by, text, at: said, removed }) => (
                <li key={seq}>
                  <small>
                    {by.name}, {clockText(said)}
                  </small>
                  <p dir="auto">{removed === undefined ? text : 'Removed'}</p>
                </li>
              ))}
            </ol>
          </div>
        </section>
        <section className={styles.card} aria-label="Questions then">
          <h2>Questions</h2>
          {asked.length === 0 ? <p className={styles.nothing}>Nobody had asked by then.</p> : null}
          <ol>
            {asked.map(({ question, votes }) => (
              <li key={question.seq}>
                <small>
                  {question.by?.name ?? 'Anonymous'} · {votes === 1 ? '1 vote' : `${votes} votes`} · {question.status}
                </small>
                <p dir="auto">{question.text}</p>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </>
  )
}
