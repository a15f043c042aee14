import { defineClientKind } from '../kind.ts'
import type { pollsCommands, pollsSignals } from './commands.ts'
import { evolveMine } from './mine.ts'
import type { PollsBodies, PollsMine, PollsView } from './model.ts'
import { evolveView } from './view.ts'

/** Polls, as people keep up with them. */
export const polls = defineClientKind<typeof pollsCommands, typeof pollsSignals, PollsBodies, PollsView, PollsMine>({
  name: 'polls',
  empty(audience) {
    const seen: PollsView = { polls: [], board: [], tallies: 0 }
    return audience === 'staff' ? { ...seen, staff: true } : seen
  },
  evolveView,
  evolveMine,
})
