import { defineClientKind } from '../kind.ts'
import type { questionsCommands, questionsSignals } from './commands.ts'
import { about } from './history.ts'
import { evolveMine } from './mine.ts'
import type { QuestionsBodies, QuestionsMine, QuestionsView } from './model.ts'
import { evolveView } from './view.ts'

/** Questions from the audience, as people keep up with them. */
export const questions = defineClientKind<
  typeof questionsCommands,
  typeof questionsSignals,
  QuestionsBodies,
  QuestionsView,
  QuestionsMine
>({
  name: 'questions',
  empty(audience) {
    const seen: QuestionsView = { questions: [], hold: false, closed: false, anonymous: 'audience', tallies: 0 }
    return audience === 'staff' ? { ...seen, staff: { held: [], rejected: [], bin: [] } } : seen
  },
  evolveView,
  evolveMine,
  about,
})
