import type { HeldQuestion, Question, QuestionsView } from '@plenary/kinds'
import type { Section } from './lines.tsx'

/** A question wherever it stands. */
export interface QuestionItem {
  is: 'held' | 'live' | 'open' | 'answered' | 'bin' | 'rejected'
  question: Question | HeldQuestion
  /** What took it out of sight. */
  why?: string
}

/** In the order in which they want attention: waiting, being answered, the most wanted, then what is done with. */
export function sortQuestions(view: QuestionsView, votes: (question: Question) => number): Section<QuestionItem>[] {
  const held = view.staff?.held ?? []
  const of = (is: 'live' | 'open' | 'answered') =>
    view.questions.filter(({ status }) => status === is).map((question) => ({ is, question }))
  const open = of('open').toSorted(
    (a, b) =>
      Number(b.question.pinned !== undefined) - Number(a.question.pinned !== undefined) ||
      votes(b.question) - votes(a.question) ||
      a.question.seq - b.question.seq,
  )
  const gone = [
    ...(view.staff?.bin ?? []).map(({ question, why }) => ({ is: 'bin' as const, question, why: why as string })),
    ...(view.staff?.rejected ?? []).map((question) => ({ is: 'rejected' as const, question, why: 'rejected' })),
  ].toSorted((a, b) => b.question.seq - a.question.seq)
  return [
    {
      title: `Waiting: ${held.length}`,
      urgent: true,
      items: held.map((question) => ({ is: 'held' as const, question })),
    },
    { title: 'Being answered', items: of('live') },
    { title: `Open: ${open.length}`, items: open },
    { title: 'Answered', items: of('answered').toSorted((a, b) => b.question.since - a.question.since) },
    { title: 'Out of sight', items: gone },
  ]
}
