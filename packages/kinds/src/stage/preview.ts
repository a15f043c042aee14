import type { CommandId, Millis } from '../ids.ts'
import { fold } from './fold.ts'
import type { Backstage, Cue, CueId, OnStage } from './model.ts'
import { onStage } from './shown.ts'

/** The cue after the one that is on; null at the end. */
export function nextCue({ cues, live }: Backstage): Cue | null {
  return cues[cues.findIndex(({ id }) => id === live.cue) + 1] ?? null
}

/** What attendees would see if this cue went on at `now`. For the staff's preview. */
export function previewOf(backstage: Backstage, to: CueId, now: Millis): OnStage {
  const go = { seq: 0, at: now, by: null, id: '' as CommandId, type: 'go', body: { to, way: 'go' } } as const
  return onStage(fold(backstage, go))
}
