/** How many were there, over time. */
export interface Sample {
  at: number
  total: number
}

/** Enough for an hour at one in ten seconds. */
const SAMPLES_MAX = 360
export const SAMPLE_MS = 10_000

/** One sample more; within the same span of time the newest counts. */
export function sampled(samples: readonly Sample[], at: number, total: number): readonly Sample[] {
  const last = samples.at(-1)
  if (last !== undefined && at - last.at < SAMPLE_MS) {
    if (last.total === total) return samples
    return [...samples.slice(0, -1), { at: last.at, total }]
  }
  return [...samples, { at, total }].slice(-SAMPLES_MAX)
}

/** The samples as a line of steps in a box of this size, from the first to `now`; empty while there is nothing to draw. */
export function stepsOf(samples: readonly Sample[], now: number, width: number, height: number): string {
  const first = samples[0]
  if (first === undefined) return ''
  const span = Math.max(SAMPLE_MS, now - first.at)
  const most = Math.max(1, ...samples.map(({ total }) => total))
  const x = (at: number) => ((Math.min(now, at) - first.at) / span) * width
  const y = (total: number) => height - (total / most) * height
  const [start, ...rest] = samples
  if (start === undefined) return ''
  const steps = rest.map(({ at, total }) => `H${round(x(at))}V${round(y(total))}`)
  return `M0 ${round(y(start.total))}${steps.join('')}H${width}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
