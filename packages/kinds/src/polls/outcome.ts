import type { Decision, Draft, Refusal } from '../kind.ts'
import type { PollsBodies } from './model.ts'

export type Outcome = Decision<PollsBodies> | Refusal
export type Drafts = Draft<PollsBodies>[]

/** What is so already is a yes that adds nothing. */
export const ALREADY: Decision<PollsBodies> = { entries: [] }

export function yes(...entries: Drafts): Outcome {
  return { entries }
}

export function no(refused: string, message: string): Refusal {
  return { refused, message }
}

export const GONE = no('gone', 'That poll is not here any more, or never was.')
export const CLOSED = no('closed', 'This poll is closed.')
