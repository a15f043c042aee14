import type { Millis } from '../ids.ts'
import { own } from '../own.ts'
import { STAGE_LIMITS, type Backstage, type Cue, type CueId, type Live, type StageEntry, type Undo } from './model.ts'

/** The rundown one entry later: a new object, with unchanged parts the same. The state and the staff's view are both folded by it. */
export function fold(before: Backstage, entry: StageEntry): Backstage {
  const { live } = before
  switch (entry.type) {
    case 'add':
      return {
        ...before,
        cues: placed(before.cues, entry.body.cue, entry.body.before),
        undo: undoes({ drop: entry.body.cue.id }),
      }
    case 'edit': {
      const { cue } = entry.body
      const cues = before.cues.map((other) => (other.id === cue.id ? cue : other))
      return { ...before, cues, undo: undoes(placeOf(before.cues, cue.id)) }
    }
    case 'remove': {
      const { cue } = entry.body
      const { [cue]: playedMs, ...played } = live.played
      const back = placeOf(before.cues, cue)
      const undo = undoes(back === null || playedMs === undefined ? back : { ...back, playedMs })
      return { ...before, cues: without(before.cues, cue), live: { ...live, played }, undo }
    }
    case 'move': {
      const { cue: id, before: next } = entry.body
      const cue = before.cues.find((other) => other.id === id)
      if (cue === undefined) return before
      return { ...before, cues: placed(before.cues, cue, next), undo: undoes(placeOf(before.cues, id)) }
    }
    case 'go':
      return acted(wentTo(before, entry.body.to, entry.at))
    case 'start': {
      const anew = { ...live, from: entry.at, until: null, since: null, played: {} }
      return acted(wentTo({ ...before, live: anew }, firstOf(before), entry.at))
    }
    case 'end':
      return acted({ ...before, live: { ...stopped(live, entry.at), until: entry.at } })
    case 'hold':
      return acted({
        ...before,
        live: { ...live, hold: { text: entry.body.text, since: live.hold?.since ?? entry.at } },
      })
    case 'resume':
      return acted({ ...before, live: { ...live, hold: null } })
    case 'announce':
      return acted({ ...before, live: { ...live, announcement: entry.body.text } })
    case 'lowerThird':
      return acted({ ...before, live: { ...live, lowerThird: entry.body.lowerThird } })
    case 'panels':
      return acted({ ...before, live: { ...live, panels: entry.body.panels } })
    case 'message': {
      const message = { id: entry.id, at: entry.at, by: entry.by?.name ?? '', ...entry.body }
      return { ...before, messages: [...before.messages, message].slice(-STAGE_LIMITS.messages) }
    }
    case 'clearMessages':
      return { ...before, messages: [] }
    case 'standby': {
      const { user, name, on } = entry.body
      const others = before.speakers.filter((speaker) => speaker.user !== user)
      return { ...before, speakers: on ? [...others, { user, name }] : others }
    }
    case 'undo':
      return undone(before)
    // These tell others what the entries before them did, and what was done elsewhere.
    case 'now':
    case 'prompt':
    case 'noted':
      return before
  }

  function undoes(back: Undo['back'] | null): Undo | null {
    return back === null ? null : { of: entry.id, what: entry.type, until: entry.at + STAGE_LIMITS.undoMs, back }
  }
  function acted(after: Backstage): Backstage {
    return { ...after, undo: undoes({ live }) }
  }
}

function without(cues: readonly Cue[], id: CueId): Cue[] {
  return cues.filter((cue) => cue.id !== id)
}

/** The cue before that other one, wherever it stood; at the end when there is no such other. */
function placed(cues: readonly Cue[], cue: Cue, before: CueId | null): Cue[] {
  const others = without(cues, cue.id)
  const index = before === null ? -1 : others.findIndex(({ id }) => id === before)
  return others.toSpliced(index < 0 ? others.length : index, 0, cue)
}

function placeOf(cues: readonly Cue[], id: CueId): { cue: Cue; before: CueId | null } | null {
  const index = cues.findIndex((cue) => cue.id === id)
  const cue = cues[index]
  return cue === undefined ? null : { cue, before: cues[index + 1]?.id ?? null }
}

/** Where a programme begins: past the welcome, or where it is already. */
function firstOf({ cues, live }: Backstage): CueId | null {
  const current = cues.find(({ id }) => id === live.cue)
  if (current !== undefined && current.scene.layout !== 'welcome') return current.id
  const start = cues.findIndex(({ id }) => id === live.cue) + 1
  return (cues.slice(start).find(({ scene }) => scene.layout !== 'welcome') ?? cues[start])?.id ?? live.cue
}

/** The clock of the present cue stopped: what it has played goes to its account. */
function stopped(live: Live, at: Millis): Live {
  const { cue, since, until, played } = live
  if (cue === null || since === null || until !== null) return live
  return { ...live, played: { ...played, [cue]: (own(played, cue) ?? 0) + Math.max(0, at - since) } }
}

function wentTo(before: Backstage, to: CueId | null, at: Millis): Backstage {
  const cue = before.cues.find(({ id }) => id === to)
  if (cue === undefined) return before
  const { from, ...live } = stopped(before.live, at)
  return {
    ...before,
    live: {
      // The programme begins with its first cue at the latest.
      from: from ?? (cue.scene.layout === 'welcome' ? null : at),
      ...live,
      cue: cue.id,
      since: at,
      lowerThird: cue.lowerThird ?? null,
      announcement: cue.announcement ?? live.announcement,
      panels: cue.panels ?? live.panels,
    },
  }
}

function undone(before: Backstage): Backstage {
  const { undo, cues, live } = before
  if (undo === null) return before
  const { back } = undo
  const rest = { ...before, undo: null }
  if ('live' in back) return { ...rest, live: back.live }
  if ('drop' in back) return { ...rest, cues: without(cues, back.drop) }
  const { cue, playedMs } = back
  const played = playedMs === undefined ? live.played : { ...live.played, [cue.id]: playedMs }
  return { ...rest, cues: placed(cues, cue, back.before), live: { ...live, played } }
}
