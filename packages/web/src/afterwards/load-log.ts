import { LIMITS, type Entry, type RoomId } from '@plenary/kinds'
import type { Session } from '@plenary/client'

/** The most entries of one room that are looked through. */
const ENTRIES_MAX = 20_000

export interface Log {
  entries: readonly Entry[]
  /** There is more behind them than is looked through. */
  cut: boolean
}

/** A room's log from its beginning, as far as this person may see it. Throws `PlenaryError`. */
export async function loadLog(session: Session, room: RoomId, signal: AbortSignal): Promise<Log> {
  const entries: Entry[] = []
  for (let after = 0; entries.length < ENTRIES_MAX;) {
    const page = await session.entries(room, { after, limit: LIMITS.historyPage })
    if (signal.aborted) return { entries, cut: false }
    // What lies past the slice only amends it, and comes again in its own place.
    entries.push(...(page.entries as Entry[]).filter(({ seq }) => seq <= page.through))
    if (!page.more || page.through <= after) return { entries, cut: false }
    after = page.through
  }
  return { entries, cut: true }
}
