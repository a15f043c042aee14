import { defineKind } from './kind.ts'
import { stageCommands, stageSettings, stageSignals, type StageSettings } from './stage/commands.ts'
import { decide } from './stage/decide.ts'
import { firstCues } from './stage/scene.ts'
import { fold } from './stage/fold.ts'
import type { StageBodies, StageMine, StageState, StageView } from './stage/model.ts'
import { onStage, promptOf } from './stage/shown.ts'

export type {
  Backstage,
  Cue,
  CueId,
  LowerThird,
  OnStage,
  Panel,
  Prompt,
  Scene,
  SpeakerMessage,
  StageMine,
  StageView,
} from './stage/model.ts'

/** The evening itself: a rundown of cues for those who run it, and for all others what is on now. */
export const stage = defineKind<
  StageSettings,
  StageState,
  typeof stageCommands,
  typeof stageSignals,
  StageBodies,
  StageView,
  StageMine
>({
  name: 'stage',
  version: 1,
  settings: stageSettings,
  commands: stageCommands,
  signals: stageSignals,
  initial: ({ panels, peertube, cues }) => ({
    backstage: {
      cues: firstCues(cues, peertube),
      live: {
        from: null,
        until: null,
        cue: null,
        since: null,
        played: {},
        hold: null,
        lowerThird: null,
        announcement: null,
        panels: [...panels],
      },
      undo: null,
      messages: [],
      speakers: [],
    },
    peertube: [...peertube],
  }),
  decide,
  evolve: (state, entry) => ({ ...state, backstage: fold(state.backstage, entry) }),
  visibility: ({ type, body }) => (type === 'now' ? 'everyone' : type === 'prompt' ? { only: body.user } : 'staff'),
  view: ({ backstage }, audience) =>
    audience === 'staff' ? { ...onStage(backstage), staff: backstage } : onStage(backstage),
  evolveView(view, entry) {
    const seen = entry.type === 'now' ? { ...view, ...entry.body } : view
    if (view.staff === undefined) return seen
    const staff = fold(view.staff, entry)
    return staff === view.staff ? seen : { ...seen, staff }
  },
  mine: ({ backstage }, user) => ({
    prompt: backstage.speakers.some((speaker) => speaker.user === user) ? promptOf(backstage, user) : null,
  }),
  evolveMine(mine, entry, me) {
    if (entry.type !== 'prompt' || entry.body.user !== me) return mine
    const { user: _, off, ...news } = entry.body
    if (off === true) return { prompt: null }
    return {
      prompt: { ...(mine.prompt ?? { now: null, since: null, playedMs: 0, next: null, messages: [] }), ...news },
    }
  },
})
