import { defineClientKind } from '../kind.ts'
import { beginning } from './beginning.ts'
import type { stageCommands, stageSignals } from './commands.ts'
import { fold } from './fold.ts'
import type { StageBodies, StageMine, StageView } from './model.ts'
import { onStage } from './shown.ts'

/** The evening itself, as people keep up with it. */
export const stage = defineClientKind<typeof stageCommands, typeof stageSignals, StageBodies, StageView, StageMine>({
  name: 'stage',
  empty(audience) {
    const staff = beginning()
    return audience === 'staff' ? { ...onStage(staff), staff } : onStage(staff)
  },
  evolveView(view, entry) {
    const seen = entry.type === 'now' ? { ...view, ...entry.body } : view
    if (view.staff === undefined) return seen
    const staff = fold(view.staff, entry)
    return staff === view.staff ? seen : { ...seen, staff }
  },
  evolveMine(mine, entry, me) {
    if (entry.type !== 'prompt' || entry.body.user !== me) return mine
    const { user: _, off, ...news } = entry.body
    if (off === true) return { prompt: null }
    return {
      prompt: { ...(mine.prompt ?? { now: null, since: null, playedMs: 0, next: null, messages: [] }), ...news },
    }
  },
})
