import { LIMITS, PlenaryError, audienceOf } from '@plenary/kinds'
import type { AnyKind, Entry, Role, RoomId, Seq, UserId, api } from '@plenary/kinds'
import type { Reader, RoomLog, StoredEntry } from './log/log.ts'

export interface EntriesQuery {
  before?: number | undefined
  after?: number | undefined
  from?: number | undefined
  to?: number | undefined
  limit: number
}

/** Amendments in one answer past which the slice is made smaller. */
const AMENDMENTS_MAX = 5_000
/** Changes gone through at most to find what was taken back. */
const AMENDMENTS_READ_MAX = 100_000

/**
 * Scrolling through a room's log: a slice of what this reader may see, with the later entries that change one of the slice,
 * so that folding it shows edits, and with the bodies concealed that have since been taken back. The newest page without
 * `before`, `after` or `from`. Throws `bad_request` for `before` beside `after`.
 */
export async function readHistory(
  log: RoomLog,
  kind: AnyKind,
  room: RoomId,
  reader: { user: UserId; role: Role },
  query: EntriesQuery,
): Promise<api.EntriesAnswer> {
  if (query.before !== undefined && query.after !== undefined) {
    throw new PlenaryError('bad_request', 'Ask for entries before or after a place, not both.')
  }
  const eyes: Reader = { audience: audienceOf(reader.role), user: reader.user }
  const head = query.to === undefined ? await log.head(room) : await log.seqAt(room, query.to)
  const start = query.from === undefined ? 0 : await log.seqAt(room, query.from - 1)
  const low = Math.max(start, query.after ?? 0)
  const high = Math.min(head, (query.before ?? head + 1) - 1)
  const newestFirst = query.after === undefined && (query.before !== undefined || query.from === undefined)

  for (let limit = Math.min(query.limit, LIMITS.historyPage); ; limit = Math.ceil(limit / 2)) {
    const found = await log.read(room, { after: low, through: high, limit: limit + 1, newestFirst, reader: eyes })
    const more = found.length > limit
    const slice = newestFirst ? found.slice(more ? 1 : 0) : found.slice(0, limit)
    const after = more && newestFirst ? (slice[0]?.seq ?? 1) - 1 : low
    const through = more && !newestFirst ? (slice.at(-1)?.seq ?? low) : Math.max(high, low)
    const changes = kind.about === undefined ? [] : await readChanges(log, room, eyes, slice)
    if (changes === null) {
      if (slice.length > 1) continue
      throw new PlenaryError('unavailable', 'This entry has changed too often to be read.')
    }
    const inside = new Set(slice.map((entry) => entry.seq))
    const amendments = changes.filter((entry) => inside.has(entry.about ?? 0) && !inside.has(entry.seq))
    // What is served must stay small, so a slice full of much-changed entries is served in smaller pieces.
    if (amendments.length > AMENDMENTS_MAX && slice.length > 1) continue
    const served = [...slice, ...amendments.slice(-AMENDMENTS_MAX)]
    return { entries: conceal(kind, served, changes), after, through, more }
  }
}

/** Entries of one page while a log is gone through from end to end. */
const SCAN_PAGE_ENTRIES = 1_000

/** What this reader may see of `(after, through]`, in order, page by page, just as it was written. */
export async function* scanLog(
  log: RoomLog,
  room: RoomId,
  reader: Reader,
  after: Seq,
  through: Seq,
): AsyncGenerator<Entry[], void> {
  for (let from = after; from < through;) {
    const page = await log.read(room, { after: from, through, limit: SCAN_PAGE_ENTRIES, reader })
    if (page.length === 0) return
    yield page.map(parseEntry)
    from = page.at(-1)?.seq ?? through
  }
}

/** All changes of whatever the slice speaks of: its entries, and what they in turn change. Null when they are too many. */
async function readChanges(
  log: RoomLog,
  room: RoomId,
  reader: Reader,
  slice: readonly StoredEntry[],
): Promise<StoredEntry[] | null> {
  const subjects = [...new Set(slice.map((entry) => entry.about ?? entry.seq))]
  const changes: StoredEntry[] = []
  for (;;) {
    const after: Seq = changes.at(-1)?.seq ?? 0
    const page = await log.amendments(room, { subjects, after, limit: AMENDMENTS_MAX, reader })
    changes.push(...page)
    if (page.length < AMENDMENTS_MAX) return changes
    if (changes.length >= AMENDMENTS_READ_MAX) return null
  }
}

/** Takes out what later entries took back; `changes` must be complete for that. */
function conceal(kind: AnyKind, served: readonly StoredEntry[], changes: readonly StoredEntry[]): Entry[] {
  const concealed = kind.conceal
  if (concealed === undefined) return served.map(parseEntry)
  const about = Map.groupBy(changes, (entry) => entry.about)
  return served.map((stored) => {
    const entry = parseEntry(stored)
    const later = (about.get(stored.about ?? stored.seq) ?? []).filter((change) => change.seq > stored.seq)
    if (later.length === 0) return entry
    const body: unknown = concealed(entry, later.map(parseEntry))
    return body === null ? entry : { ...entry, body }
  })
}

const parseEntry = (stored: StoredEntry) => JSON.parse(stored.json) as Entry
