import type { UserId } from '../ids.ts'
import { own } from '../own.ts'
import type { Backstage, Cue, CueCard, Live, OnStage, Prompt } from './model.ts'

/** What attendees see: of the rundown nothing but the scene of the cue that is on. */
export function onStage({ cues, live }: Backstage): OnStage {
  const cue = cues.find(({ id }) => id === live.cue)
  return {
    show: cue === undefined || live.since === null ? null : shown(cue, live, live.since),
    hold: live.hold,
    lowerThird: live.lowerThird,
    announcement: live.announcement,
    panels: live.panels,
    programme: { from: live.from, until: live.until },
  }
}

function shown(cue: Cue, { until }: Live, since: number): OnStage['show'] {
  // After the programme's end nothing of it stays on.
  const scene = until === null || cue.scene.layout === 'end' ? cue.scene : { layout: 'end' as const }
  const counts = (scene.layout === 'welcome' || scene.layout === 'break') && scene.countdown === true
  return { cue: cue.id, scene, since, until: counts ? (scene.until ?? since + cue.plannedMs) : null }
}

/** What a speaker sees beside the stage; staff's pages make the same of what staff see. */
export function promptOf({ cues, live, messages }: Backstage, user: UserId): Prompt {
  const index = cues.findIndex(({ id }) => id === live.cue)
  return {
    now: cardOf(cues[index]),
    since: live.since,
    playedMs: live.cue === null ? 0 : (own(live.played, live.cue) ?? 0),
    next: cardOf(cues[index + 1]),
    messages: messages.filter(({ to }) => to === undefined || to === user),
  }
}

function cardOf(cue: Cue | undefined): CueCard | null {
  if (cue === undefined) return null
  const { id, title, notes, plannedMs } = cue
  return { id, title, notes, plannedMs }
}

/** The members that are not as they were; null when all are. */
export function changed<T extends object>(before: Partial<T>, after: T): Partial<T> | null {
  const keys = (Object.keys(after) as (keyof T)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  if (keys.length === 0) return null
  const parts: Partial<T> = {}
  for (const key of keys) parts[key] = after[key]
  return parts
}
