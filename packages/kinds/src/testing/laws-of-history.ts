import { expect } from 'vitest'
import type { Seq, UserId } from '../ids.ts'
import type { Audience } from '../roles.ts'
import { AUDIENCES, historyOf } from './audiences.ts'
import { copy, deepFreeze, still, type Play } from './play.ts'
import type { Law } from './watch.ts'

/** A slice of a log whose length is not known yet. */
export type AnySlice = readonly [from: number, length: number]
/** The parts of a view that scrolling back shows. */
export type Parts = (view: unknown) => { seq: Seq }[]

const SLICE_ENTRIES = 50

/** Folding any slice of the log, as history serves it, shows what the room shows now, and no words that were concealed. */
export function historyHolds(slices: readonly AnySlice[], parts: Parts): Law {
  return (play, settings) => ({
    end: () => {
      for (const [from, length] of slices) {
        const after = 1 + (from % (play.log.length + 1))
        const through = after + Math.min(length % (play.log.length + 1), SLICE_ENTRIES)
        for (const audience of AUDIENCES) sliceHolds(play, settings, audience, [after, through], parts)
      }
    },
  })
}

function sliceHolds(
  { kind, log, state }: Play,
  settings: unknown,
  audience: Audience,
  [after, through]: [Seq, Seq],
  parts: Parts,
): void {
  const served = historyOf(kind, log, audience, after, through)
  let page: unknown = deepFreeze(kind.view(kind.initial(settings), audience))
  for (const { entry } of served) {
    const before = page
    page = deepFreeze(still(() => kind.evolveView(before, deepFreeze(copy(entry)), 'id-reader' as UserId)))
  }
  const inside = ({ seq }: { seq: Seq }) => seq > after && seq <= through
  const now = parts(kind.view(state, audience)).filter(inside)
  const shown = new Map(parts(page).map((part) => [part.seq, part]))
  for (const part of now) expect(shown.get(part.seq)).toEqual(part)
  // Staff may read elsewhere what a removed message said.
  if (audience === 'staff') return
  const told = JSON.stringify([page, served.map(({ entry }) => entry)])
  for (const { concealed } of served) for (const words of concealed) expect(told).not.toContain(words)
}
