import { FIRST_PANELS, type Backstage, type Cue, type Panel } from './model.ts'

/** Backstage before anything happened. */
export function beginning(panels: readonly Panel[] = FIRST_PANELS, cues: readonly Cue[] = []): Backstage {
  return {
    cues: [...cues],
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
  }
}
