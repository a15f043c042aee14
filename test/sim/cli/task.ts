import type { Violation } from '../happening.ts'
import type { Plan } from '../plan.ts'

/** What a worker is asked to run: a seed's own plan, or this one. */
export interface Task {
  seed: number
  plan?: Plan
  trace: boolean
}

/** How a run went. */
export interface Ran {
  steps: number
  simulatedMs: number
  /** Of the whole trace: the same run gives the same. */
  hash: string
  violations: readonly Violation[]
  /** Empty unless it was asked for. */
  trace: readonly string[]
  figures: Record<string, number>
}
