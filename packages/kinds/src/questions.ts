import { defineKind } from './kind.ts'
import { questions as client } from './questions/client.ts'
import { questionsCommands, questionsSettings, questionsSignals } from './questions/commands.ts'
import { decide } from './questions/decide.ts'
import { evolve, initial } from './questions/evolve.ts'
import { conceal, visibility } from './questions/history.ts'
import { mine } from './questions/mine.ts'
import {
  QUESTIONS_LIMITS,
  type QuestionsBodies,
  type QuestionsMine,
  type QuestionsSettings,
  type QuestionsState,
  type QuestionsView,
} from './questions/model.ts'
import { view } from './questions/view.ts'
import { deadline, digest, timeout } from './questions/votes.ts'

export type {
  BinnedQuestion,
  HeldQuestion,
  OwnHeldQuestion,
  Question,
  QuestionsDigest,
  QuestionsMine,
  QuestionsView,
} from './questions/model.ts'

/** Questions from the audience: asked by name or not, voted for, approved, answered, merged. */
export const questions = defineKind<
  QuestionsSettings,
  QuestionsState,
  typeof questionsCommands,
  typeof questionsSignals,
  QuestionsBodies,
  QuestionsView,
  QuestionsMine
>({
  ...client,
  version: 1,
  settings: questionsSettings,
  commands: questionsCommands,
  signals: questionsSignals,
  initial,
  decide,
  evolve,
  visibility,
  view,
  mine,
  conceal,
  digest,
  digestMs: QUESTIONS_LIMITS.digestMs,
  deadline,
  timeout,
})
