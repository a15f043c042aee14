import { LIMITS, PlenaryError, audienceOf } from '@plenary/kinds'
import type { AnyKind, Entry, Role, RoomId, UserId, api } from '@plenary/kinds'
import type { Reader, RoomLog, StoredEntry } from './log/log.ts'

export interface EntriesQuery {
  before?: number | undefined
  after?: number | undefined
  from?: number | undefined
  to?: number | undefined
  limit: number
}

/** Amendments served with one page at most; a message with more than this many changes shows its first ones. */
const AMENDMENTS_MAX = 5_000

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
  const limit = Math.min(query.limit, LIMITS.historyPage)
  const eyes: Reader = { audience: audienceOf(reader.role), user: reader.user }
  const head = query.to === undefined ? await log.head(room) : await log.seqAt(room, query.to)
  const start = query.from === undefined ? 0 : await log.seqAt(room, query.from - 1)
  const low = Math.max(start, query.after ?? 0)
  const high = Math.min(head, (query.before ?? head + 1) - 1)
  const newestFirst = query.after === undefined && (query.before !== undefined || query.from === undefined)

  const found = await log.read(room, { after: low, through: high, limit: limit + 1, newestFirst, reader: eyes })
  const more = found.length > limit
  const slice = newestFirst ? found.slice(more ? 1 : 0) : found.slice(0, limit)
  const after = more && newestFirst ? (slice[0]?.seq ?? 1) - 1 : low
  const through = more && !newestFirst ? (slice.at(-1)?.seq ?? low) : Math.max(high, low)
  const amendments =
    kind.about === undefined ? [] : await log.amendments(room, { after, through, limit: AMENDMENTS_MAX, reader: eyes })
  return { entries: conceal(kind, [...slice, ...amendments]) as api.EntriesAnswer['entries'], after, through, more }
}

/** Takes out what later entries took back. */
function conceal(kind: AnyKind, stored: readonly StoredEntry[]): Entry[] {
  const entries = stored.map((each) => JSON.parse(each.json) as Entry)
  const concealed = kind.conceal
  if (concealed === undefined) return entries
  const about = new Map<number, Entry[]>()
  stored.forEach((each, at) => {
    const entry = entries[at]
    if (each.about === null || entry === undefined) return
    const group = about.get(each.about)
    if (group === undefined) about.set(each.about, [entry])
    else group.push(entry)
  })
  return entries.map((entry, at) => {
    const target = stored[at]?.about ?? entry.seq
    const body: unknown = concealed(entry, (about.get(target) ?? []).filter((later) => later.seq > entry.seq))
    return body === null ? entry : { ...entry, body }
  })
}
