import type { CrowdArguments } from './arguments.ts'

/** What became of an act. */
export interface Outcome {
  /** Nothing was lost, wrong or left undone. */
  ok: boolean
  /** For people: what, and how much. */
  rows: readonly (readonly [string, string | number])[]
  /** The same for programs. */
  report: object
}

/** What a crowd does in rooms of one kind. */
export interface Act {
  /** Whether it takes place in an event, which then needs a code. */
  inEvent: boolean
  /** How long it takes when nothing is said of that. */
  seconds?: number
  /** Throws `PlenaryError` when it cannot begin. `signal`: stop early, with what there is. */
  run(given: CrowdArguments, progress: (line: string) => void, signal: AbortSignal): Promise<Outcome>
}
