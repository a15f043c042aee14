import { PlenaryError } from '@plenary/kinds'
import type { Seq, api } from '@plenary/kinds'
import type { Version } from '@plenary/kinds/document'
import type { PastEntry } from './past.ts'

/** So much of the log is read at once, if it is not too much for one answer. */
const WINDOW_ENTRIES = 20_000
const NARROWER = 4
const RETRY_MS = 500
const EARLIER = { id: '', name: 'earlier writers' }

/** A stretch of a document's past. */
export interface Stretch {
  /** It begins with the text after this entry; 0: with nothing. */
  since: Seq
  entries: PastEntry[]
}

export interface PastSource {
  documentAt(query: { at?: Seq; since: Seq }): Promise<api.DocumentAnswer>
  wait(ms: number): Promise<void>
}

/** Reads back from an entry, or from now, as far as one answer holds. Throws `PlenaryError`. */
export async function readPast(
  { documentAt, wait }: PastSource,
  versions: readonly Version[],
  from: { at: Seq | null; head: Seq },
): Promise<Stretch> {
  const until = from.at ?? from.head
  for (let entries = WINDOW_ENTRIES; ;) {
    const since = Math.max(0, until - entries)
    try {
      const answer = await documentAt(from.at === null ? { since } : { at: from.at, since })
      return { since, entries: entriesOf(answer, since, versions) }
    } catch (error) {
      if (!(error instanceof PlenaryError)) throw error
      if (error.code === 'too_large' && entries > 1) entries = Math.ceil(Math.min(entries, until) / NARROWER)
      // A long log is still being gone through; what was gone through is kept.
      else if (error.reason === 'reading') await wait(error.retryAfter ?? RETRY_MS)
      else throw error
    }
  }
}

/** As they would stand in a log: the text at its beginning, runs of changes, and names between them. */
function entriesOf(answer: api.DocumentAnswer, since: Seq, versions: readonly Version[]): PastEntry[] {
  const [first] = answer.changes
  const entries: PastEntry[] = answer.changes.map(({ people, through, at, restored, update }) => ({
    seq: through,
    at,
    by: { id: people.map(({ id }) => id).join(), name: people.map(({ name }) => name).join(', ') },
    type: restored ? 'restored' : 'update',
    body: { update },
  }))
  const named = versions.filter(({ seq }) => seq > since && seq <= answer.seq)
  for (const { seq, at, by, name } of named) entries.push({ seq, at, by, type: 'version', body: { name } })
  entries.sort((one, other) => one.seq - other.seq)
  if (since === 0) return entries
  const text = { seq: since, at: first?.at ?? 0, by: EARLIER, type: 'update', body: { update: answer.update } }
  return [text, ...entries]
}
