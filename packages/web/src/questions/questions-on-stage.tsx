import { useRoom } from '@plenary/client/react'
import { votesOf } from '@plenary/kinds'
import { raised, sorted } from './order.ts'
import { StageQuestions } from './stage-questions.tsx'
import type { QuestionsDigest } from '@plenary/kinds'
import type { QuestionsRoom } from './questions-room.ts'

/** How many are shown below the one that is being answered. */
const NEXT = 4

/** The questions on the stage: the one being answered in large, and what people want to know next. */
export function QuestionsOnStage({ room }: { room: QuestionsRoom }) {
  const { view, digest } = useRoom(room)
  if (view === null) return null
  const votes = (question: (typeof view.questions)[number]) => votesOf(question, view, digest as QuestionsDigest | null)
  const list = raised(sorted(view.questions, 'top', votes))
  const live = list.find(({ status }) => status === 'live') ?? null
  const next = list.filter((question) => question !== live).slice(0, NEXT)
  return <StageQuestions live={live} next={next} votes={votes} />
}
