import type { Millis } from '../ids.ts'
import { own } from '../own.ts'
import type { Backstage, Cue, CueId, Prompt } from './model.ts'

/** One line of the rundown in time, all in milliseconds. */
export interface CueClock {
  id: CueId
  plannedMs: Millis
  /** How long it has been on, all times together. */
  playedMs: Millis
  /** Played longer than planned; negative: time that is left or was saved. Null for one that was not on yet. */
  overMs: Millis | null
}

export interface StageClock {
  /** The cue that is on: how long, of this time alone, and what is left of its plan, of all times together; negative when it runs over. */
  cue: { id: CueId; elapsedMs: Millis; leftMs: Millis } | null
  cues: CueClock[]
  programme: {
    /** 0 before it began. */
    elapsedMs: Millis
    plannedMs: Millis
    /** When it will be over if the rest goes as planned; when it was over. Null before it began. */
    endsAt: Millis | null
    /** By how much it will be, or was, longer than planned; negative: shorter. Null before it began. */
    overMs: Millis | null
  }
}

/** Plan and reality at `now`, from what staff see. Welcome cues come before the programme and are not counted in its plan. */
export function clockOf({ cues, live }: Backstage, now: Millis): StageClock {
  const until = live.until ?? now
  const elapsedMs = live.since === null ? 0 : Math.max(0, until - live.since)
  // At the programme's end the present cue's time went to its account.
  const runningMs = live.until === null ? elapsedMs : 0
  const playedMs = (cue: Cue) => (own(live.played, cue.id) ?? 0) + (cue.id === live.cue ? runningMs : 0)
  const wasOn = (cue: Cue) => cue.id === live.cue || Object.hasOwn(live.played, cue.id)
  const rows = cues.map((cue) => {
    const played = playedMs(cue)
    return {
      id: cue.id,
      plannedMs: cue.plannedMs,
      playedMs: played,
      overMs: wasOn(cue) ? played - cue.plannedMs : null,
    }
  })
  const index = cues.findIndex(({ id }) => id === live.cue)
  const current = cues[index]
  const counted = cues.filter(inPlan)
  const plannedMs = sum(counted.map((cue) => cue.plannedMs))
  const restOfCue = current === undefined || !inPlan(current) ? 0 : Math.max(0, current.plannedMs - playedMs(current))
  const restMs =
    live.until === null
      ? restOfCue +
        sum(
          cues
            .slice(index + 1)
            .filter(inPlan)
            .map((cue) => cue.plannedMs),
        )
      : 0
  const ran = live.from === null ? 0 : Math.max(0, until - live.from)
  return {
    cue: current === undefined ? null : { id: current.id, elapsedMs, leftMs: current.plannedMs - playedMs(current) },
    cues: rows,
    programme: {
      elapsedMs: ran,
      plannedMs,
      endsAt: live.from === null ? null : until + restMs,
      overMs: live.from === null ? null : ran + restMs - plannedMs,
    },
  }
}

function inPlan({ scene }: Cue): boolean {
  return scene.layout !== 'welcome'
}

function sum(list: readonly Millis[]): Millis {
  return list.reduce((total, each) => total + each, 0)
}

/** What is left of the plan of the cue that a speaker sees, in milliseconds; negative when it runs over, null when none is on. */
export function timeLeft({ now: card, since, playedMs }: Prompt, now: Millis): Millis | null {
  return card === null || since === null ? null : card.plannedMs - playedMs - Math.max(0, now - since)
}
