import type { Decision, Draft, Refusal } from '../kind.ts'
import { QUESTIONS_LIMITS, type QuestionsBodies, type QuestionsState } from './model.ts'

export type Outcome = Decision<QuestionsBodies> | Refusal

/** What is so already is a yes that adds nothing. */
export const ALREADY: Decision<QuestionsBodies> = { entries: [] }

export function yes(...entries: Draft<QuestionsBodies>[]): Outcome {
  return { entries }
}

export function no(refused: string, message: string): Refusal {
  return { refused, message }
}

export const GONE = no('gone', 'That question is not here any more, or never was.')

/** Questions in sight that are not answered; `QUESTIONS_LIMITS.open` of them fit. */
export function openCount(state: QuestionsState): number {
  return Object.values(state.questions).filter(({ place, shown }) => place === 'list' && shown.status !== 'answered')
    .length
}

export const OPEN_FULL = no(
  'questions_full',
  `${QUESTIONS_LIMITS.open} questions are open already. Archive or answer some first.`,
)
