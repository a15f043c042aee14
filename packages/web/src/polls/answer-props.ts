import type { Answer, Poll, Results } from '@plenary/kinds'

/** What every form of answer is given. */
export interface AnswerFormProps {
  poll: Poll
  results: Results
  /** My answer as it is now, saved or on its way. */
  mine: Answer | null
  onAnswer(answer: Answer): void
}
