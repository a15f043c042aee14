import type { Seq, UserId } from '../ids.ts'
import type { Entry } from '../kind.ts'
import type { Audience } from '../roles.ts'
import { copy, still, type Logged, type PlayedKind } from './play.ts'

export const AUDIENCES: readonly Audience[] = ['everyone', 'staff']

/** Who looks on: a stream, and whose `only` entries come with it; null for nobody's. */
export interface Viewer {
  audience: Audience
  me: UserId | null
}

/** Whether an entry is delivered to this viewer. */
export function sees({ visibility }: Logged, { audience, me }: Viewer): boolean {
  if (typeof visibility === 'object') return visibility.only === me
  return visibility === 'everyone' || (visibility === 'staff' && audience === 'staff')
}

/** Every string in a body long enough to tell something. */
function wordsIn(body: unknown): string[] {
  if (typeof body === 'string') return body.length < 3 ? [] : [JSON.stringify(body).slice(1, -1)]
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(wordsIn) : []
}

/** Strings that only entries hold which this viewer never got, and which are not `known` to all anyway. */
export function wordsWithheld(log: readonly Logged[], viewer: Viewer, known: string): Set<string> {
  const seen = log.filter((one) => sees(one, viewer)).map(({ entry }) => entry)
  const open = known + JSON.stringify(seen)
  const withheld = log.filter((one) => !sees(one, viewer)).flatMap(({ entry }) => wordsIn(entry.body))
  return new Set(withheld.filter((words) => !open.includes(words)))
}

/** An entry of history, and the words of it that are no longer served. */
export interface Served {
  entry: Entry
  concealed: string[]
}

/** What history serves of `(after, through]`: the visible entries there, and after them those that change one of them. */
export function historyOf(
  kind: PlayedKind,
  log: readonly Logged[],
  audience: Audience,
  after: Seq,
  through: Seq,
): Served[] {
  const inside = (seq: Seq) => seq > after && seq <= through
  const about = (entry: Entry): Seq | null => kind.about?.(entry) ?? null
  return log
    .filter((one) => sees(one, { audience, me: null }))
    .map(({ entry }) => entry)
    .filter((entry) => inside(entry.seq) || (entry.seq > through && inside(about(entry) ?? 0)))
    .map((entry) => {
      const subject = about(entry) ?? entry.seq
      const later = log.map((one) => one.entry).filter(({ seq }) => seq > entry.seq)
      const amendments = copy(later.filter((other) => about(other) === subject))
      const body = still(() => kind.conceal?.(copy(entry), amendments) ?? null)
      if (body === null) return { entry, concealed: [] }
      const left = new Set(wordsIn(body))
      return { entry: { ...entry, body }, concealed: wordsIn(entry.body).filter((words) => !left.has(words)) }
    })
}
