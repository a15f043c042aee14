import { LAYOUTS, type Layout } from '../control/layouts.ts'
import { clockText } from '../chat/times.ts'
import { elapsedText } from '../control/time-text.ts'
import { busyness } from './track.ts'
import styles from './afterwards.module.css'
import type { Evening } from './use-evening.ts'

const BUCKETS = 120
const STEP_MS = 1_000

interface TrackProps {
  evening: Evening
  at: number
  onMove(at: number): void
}

/** The evening as a line to run along: what was on, where it was lively, where polls opened and questions were taken up. */
export function Track({ evening, at, onMove }: TrackProps) {
  const { from, to, spans, marks, messages } = evening
  const whole = Math.max(STEP_MS, to - from)
  const place = (moment: number): number => ((moment - from) / whole) * 100
  const counts = busyness(messages, from, to, BUCKETS)
  const most = Math.max(1, ...counts)
  return (
    <div className={styles.track}>
      <div className={styles.spans} aria-hidden="true">
        {spans.map((span) => (
          <span
            key={`${span.cue} ${span.from}`}
            className={styles.span}
            title={span.text ?? LAYOUTS[span.layout as Layout]}
            style={{ left: `${place(span.from)}%`, width: `${place(span.to) - place(span.from)}%` }}
          >
            {span.text ?? LAYOUTS[span.layout as Layout]}
          </span>
        ))}
      </div>
      <svg className={styles.lively} viewBox={`0 0 ${BUCKETS} 20`} preserveAspectRatio="none" aria-hidden="true">
        {counts.map((count, bucket) =>
          count === 0 ? null : (
            <rect
              // oxlint-disable-next-line react/no-array-index-key -- a stretch of time is its place
              key={bucket}
              x={bucket}
              width={0.8}
              y={20 - (count / most) * 20}
              height={(count / most) * 20}
            />
          ),
        )}
      </svg>
      <input
        className={styles.range}
        type="range"
        aria-label="Moment of the evening"
        aria-valuetext={`${clockText(at)}, ${elapsedText(at - from)} after the beginning`}
        min={from}
        max={from + Math.ceil(whole / STEP_MS) * STEP_MS}
        step={STEP_MS}
        value={at}
        onChange={({ currentTarget }) => onMove(Number(currentTarget.value))}
      />
      {marks.length > 0 ? (
        <ul className={styles.marks} aria-label="Moments">
          {marks.map(({ at: moment, what, title }) => (
            <li key={`${what} ${moment} ${title}`}>
              <button type="button" onClick={() => onMove(moment)}>
                <span>{clockText(moment)}</span> {what === 'poll' ? 'Poll' : 'Question'}: {title}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
