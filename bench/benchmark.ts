/** What a benchmark is given. */
export interface BenchContext {
  /** Aborted when the run is given up: clean up and throw. */
  readonly signal: AbortSignal
  /** The short form: fewer rounds and fewer sockets where a ratio does not depend on their number. */
  readonly quick: boolean
  /** A folder for CPU profiles of our own servers; null for none. */
  readonly profiles: string | null
  /** One line about how far it is. */
  progress(line: string): void
}

/** One figure with its bar. */
export interface Held {
  readonly name: string
  readonly value: number
  readonly atMost?: number
  readonly atLeast?: number
  /** A ratio of two figures of one run says something on any machine, and is compared with the committed one. */
  readonly ratio: boolean
}

export interface Side {
  readonly name: string
  readonly value: number
}

export interface Outcome {
  /** Medians in the benchmark's unit: ours, then the peer if there is one, then whoever else was measured. */
  readonly sides: readonly [Side, ...Side[]]
  /** The first is the row's own. */
  readonly held: readonly [Held, ...Held[]]
  readonly rounds: number
  /** What else was measured, units in the names. */
  readonly figures: Readonly<Record<string, number | string>>
}

export interface Benchmark {
  readonly name: string
  /** What is measured. */
  readonly what: string
  /** What must hold, in words. */
  readonly bar: string
  readonly unit: string
  readonly better: 'less' | 'more'
  /** Whether the short run includes it. */
  readonly quick: boolean
  /** Cleans up all it started before it ends, also when it throws or is aborted. */
  run(context: BenchContext): Promise<Outcome>
}

export const holds = ({ value, atMost = Infinity, atLeast = -Infinity }: Held): boolean =>
  value <= atMost && value >= atLeast
