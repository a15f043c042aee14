import type { Bars } from './bars.ts'
import type { Told } from './talk.ts'

/**
 * What holds through every fault: what was acknowledged is in the log once and in its place, and each of the people was told it once and
 * in order; nothing was refused for good, and nothing was left unanswered.
 */
export function holdPromises(bars: Bars, told: readonly Told[]): void {
  const sum = (read: (each: Told) => number) => told.reduce((all, each) => all + read(each), 0)
  bars.note(
    'sent',
    sum((each) => each.sent),
  )
  bars.atLeast(
    'acknowledged',
    sum((each) => each.acknowledged),
    1,
  )
  bars.note(
    'delivered',
    sum((each) => each.delivered),
  )
  for (const name of ['lost', 'duplicated', 'reordered', 'misplaced', 'notDense', 'refused', 'unanswered'] as const) {
    bars.exactly(
      name,
      sum((each) => each[name]),
      0,
    )
  }
}
