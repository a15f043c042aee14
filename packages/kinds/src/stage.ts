import { defineKind } from './kind.ts'
import { beginning } from './stage/beginning.ts'
import { stage as client } from './stage/client.ts'
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
  ...client,
  version: 1,
  settings: stageSettings,
  commands: stageCommands,
  signals: stageSignals,
  initial: ({ panels, peertube, cues }) => ({
    backstage: beginning(panels, firstCues(cues, peertube)),
    peertube: [...peertube],
  }),
  decide,
  evolve: (state, entry) => ({ ...state, backstage: fold(state.backstage, entry) }),
  visibility: ({ type, body }) => (type === 'now' ? 'everyone' : type === 'prompt' ? { only: body.user } : 'staff'),
  view: ({ backstage }, audience) =>
    audience === 'staff' ? { ...onStage(backstage), staff: backstage } : onStage(backstage),
  mine: ({ backstage }, user) => ({
    prompt: backstage.speakers.some((speaker) => speaker.user === user) ? promptOf(backstage, user) : null,
  }),
})
