import { clockOf, nextCue } from '@plenary/kinds'
import { useEffect } from 'react'
import { clockText } from '../chat/times.ts'
import { useSpeech } from '../shell/announcer.tsx'
import { KeyButton } from './key-button.tsx'
import { driftText, elapsedText, leftText } from './time-text.ts'
import { useServerNow } from './use-server-now.ts'
import styles from './transport.module.css'
import type { Backstage } from '@plenary/kinds'
import type { StageActs } from './stage-acts.ts'

const TICK_MS = 250

/** What is on, how long still, and the few buttons that the evening hangs on. They stay where they are. */
export function Transport({ backstage, acts }: { backstage: Backstage; acts: StageActs }) {
  const now = useServerNow(TICK_MS)
  const { announce } = useSpeech()
  const { live, cues } = backstage
  const clock = clockOf(backstage, now)
  const current = cues.find(({ id }) => id === live.cue)
  const next = nextCue(backstage)
  const left = clock.cue?.leftMs ?? null
  const running = live.from !== null && live.until === null
  const over = clock.programme.overMs
  const title = current?.title ?? null
  useEffect(() => {
    if (title !== null) announce(`On now: ${title}`)
  }, [title, announce])

  return (
    <section
      className={styles.transport}
      aria-label="Running the programme"
      data-hold={live.hold !== null || undefined}
      data-testid="transport"
    >
      <div className={styles.now}>
        <span className={styles.caption}>
          <span className={styles.lamp} data-state={live.hold ? 'hold' : running ? 'live' : 'off'} aria-hidden="true" />
          {live.hold
            ? 'On hold'
            : live.until !== null
              ? 'The programme is over'
              : current
                ? running
                  ? 'On now'
                  : 'Before the programme'
                : 'Nothing is on yet'}
        </span>
        <strong className={styles.title} title={current?.title} data-testid="on-now">
          {current?.title ?? '—'}
        </strong>
        <span className={styles.next} title={next?.title} data-testid="up-next">
          {next ? `Next: ${next.title}` : current ? 'This is the last cue' : 'Add a cue to begin'}
        </span>
      </div>
      <dl className={styles.clocks}>
        <div className={styles.main}>
          <dt>Left</dt>
          <dd
            data-over={(left !== null && left < 0) || undefined}
            data-near={near(left) || undefined}
            data-testid="left"
          >
            {left === null || live.until !== null ? '–:––' : leftText(left)}
          </dd>
        </div>
        <div>
          <dt>On for</dt>
          <dd>{clock.cue === null || live.until !== null ? '–:––' : elapsedText(clock.cue.elapsedMs)}</dd>
        </div>
        <div>
          <dt>Programme</dt>
          <dd>{live.from === null ? '–:––' : elapsedText(clock.programme.elapsedMs)}</dd>
        </div>
        <div>
          <dt>{over === null ? 'Planned' : 'Against plan'}</dt>
          <dd data-over={(over !== null && over >= 1_000) || undefined} data-testid="drift">
            {over === null ? elapsedText(clock.programme.plannedMs) : driftText(over)}
          </dd>
        </div>
        <div>
          <dt>{live.until === null ? 'Ends' : 'Ended'}</dt>
          <dd>{clock.programme.endsAt === null ? '–:––' : clockText(clock.programme.endsAt)}</dd>
        </div>
      </dl>
      <div className={styles.buttons}>
        {live.from === null || live.until !== null ? (
          <KeyButton does="start" large disabled={cues.length === 0} onPress={acts.start}>
            {live.until === null ? 'Start' : 'Start again'}
          </KeyButton>
        ) : (
          <KeyButton does="end" large onPress={acts.end}>
            End
          </KeyButton>
        )}
        <KeyButton
          does="back"
          large
          disabled={!current || cues[0] === current || live.until !== null}
          onPress={acts.back}
        >
          Back
        </KeyButton>
        <KeyButton does="next" kind="strong" large disabled={next === null || live.until !== null} onPress={acts.next}>
          Next
        </KeyButton>
        <KeyButton
          does="hold"
          kind={live.hold ? 'on' : 'danger'}
          large
          pressed={live.hold !== null}
          onPress={acts.toggleHold}
        >
          {live.hold ? 'Go on' : 'Hold'}
        </KeyButton>
      </div>
    </section>
  )
}

const NEAR_MS = 60_000
function near(left: number | null): boolean {
  return left !== null && left >= 0 && left <= NEAR_MS
}
