import type { Ending, Noted } from '../happening.ts'
import type { Book, Rule, Where } from './book.ts'

/** A deadline is kept so long after its moment at the latest, once nothing is broken any more. */
const KEPT_MS = 6_000

/** A room's deadline fires once, not before its moment, and never not at all. */
export function deadlineRules(book: Book): Rule {
  const wakeAt = new Map<string, number | null>()
  return {
    note(happening: Noted) {
      if (happening.what !== 'landed') return
      for (const { room, entries } of happening.batch) {
        for (const { seq } of entries) {
          const entry = book.room(room).at(seq)?.entry
          if (entry?.type === 'set') wakeAt.set(room, (entry.body as { at: number }).at)
          if (entry?.type !== 'woke') continue
          const at = wakeAt.get(room) ?? null
          if (at === null) book.broken('deadline', `${room}: the deadline fired again at ${seq}.`, happening, { room })
          else if (entry.at < at)
            book.broken('deadline', `${room}: the deadline fired ${at - entry.at} ms early at ${seq}.`, happening, {
              room,
            })
          wakeAt.set(room, null)
        }
      }
    },
    finish(ending: Ending, where: Where) {
      for (const [room, at] of wakeAt) {
        if (at === null || at + KEPT_MS > ending.now) continue
        book.broken('deadline', `${room}: the deadline did not fire, ${ending.now - at} ms after its moment.`, where, {
          room,
        })
      }
    },
  }
}
