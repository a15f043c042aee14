import * as Y from 'yjs'
import { fromBase64Url, toBase64Url } from '../base64url.ts'
import type { UserId } from '../ids.ts'
import type { Refusal } from '../kind.ts'
import { own } from '../own.ts'
import { compact } from './compact.ts'
import { DOCUMENT_LIMITS, type Content, type DocumentContent, type Person, type YUpdate } from './model.ts'

export function emptyContent(): Content {
  return { parts: [], tail: [], tailChars: 0, sessions: {}, sessionCount: 0, people: [] }
}

const MALFORMED: Refusal = { refused: 'malformed', message: 'That is no change of a document.' }
const MISSING: Refusal = {
  refused: 'missing_updates',
  message: 'This change rests on others that have not come yet. Send all that the document lacks.',
}
const NOT_YOURS: Refusal = { refused: 'not_your_session', message: 'Somebody else writes under this session.' }
const NESTED: Refusal = { refused: 'subdocument', message: 'A document cannot hold other documents.' }
const FULL: Refusal = { refused: 'document_full', message: 'The document has reached its largest size.' }

/**
 * Why an update cannot be taken; null when it can. It must decode, rest only on what is known already (so that nothing waits
 * unseen for what never comes), and write only under sessions that are new or its author's own (so that nobody's next words can
 * be taken from them).
 */
export function flawOf(content: Content, update: YUpdate, by: UserId): Refusal | null {
  const decoded = decode(update)
  if (decoded === null) return MALFORMED
  const { structs, ds, sections } = decoded
  // Deleting goes a little further: it is what makes room.
  const charsMax = DOCUMENT_LIMITS.contentChars + (structs.length === 0 ? DOCUMENT_LIMITS.tailChars : 0)
  if (charsOf(content) + update.length > charsMax) return FULL
  const reached = new Map<number, number>()
  const known = (client: number) => reached.get(client) ?? own(content.sessions, String(client))?.[0] ?? 0
  for (const { id, length } of structs) {
    if (!isCount(id.client) || !isCount(id.clock + length)) return MALFORMED
    if (id.clock > known(id.client)) return MISSING
    reached.set(id.client, Math.max(known(id.client), id.clock + length))
  }
  // Each session in one place: of two that are one's, Yjs reads the last alone.
  if (sections !== reached.size) return MALFORMED
  for (const struct of structs) {
    if (struct instanceof Y.Skip) return MISSING
    if (!(struct instanceof Y.Item)) continue
    if (struct.content instanceof Y.ContentDoc) return NESTED
    // A parent that is no id is the name of a root, or follows from the neighbours.
    const parent = struct.parent instanceof Y.ID ? struct.parent : null
    for (const id of [struct.origin, struct.rightOrigin, parent]) {
      if (id !== null && id.clock >= known(id.client)) return MISSING
    }
  }
  for (const [client, items] of ds.clients) {
    for (const { clock, len } of items) if (clock + len > known(client)) return MISSING
  }
  return foreign(content, reached, by)
}

function foreign(content: Content, reached: ReadonlyMap<number, number>, by: UserId): Refusal | null {
  let fresh = 0
  for (const [client, clock] of reached) {
    const session = own(content.sessions, String(client))
    if (session === undefined) fresh++
    else if (clock > session[0] && content.people[session[1]]?.id !== by) return NOT_YOURS
  }
  return content.sessionCount + fresh > DOCUMENT_LIMITS.sessions ? FULL : null
}

function decode(update: YUpdate): (ReturnType<typeof Y.decodeUpdate> & { sections: number }) | null {
  const bytes = fromBase64Url(update)
  if (bytes === null) return null
  try {
    return { ...Y.decodeUpdate(bytes), sections: countIn(bytes) }
  } catch {
    // Whatever Yjs stumbles over says the same: these bytes are not its own.
    return null
  }
}

/** The number that an update begins with: how many sessions it tells of, seven bits to a byte, the low ones first. */
function countIn(bytes: Uint8Array): number {
  let count = 0
  for (const [at, byte] of bytes.entries()) {
    count += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) break
  }
  return count
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** When recent updates are merged to one part. */
export interface Tail {
  updates: number
  chars: number
}

/**
 * A part is at least so many times as long as the next one, and as what that deletes, or they become one: so nothing is merged more often
 * than a few times, what is merged is seldom much longer than what is new, and those who join are given few parts.
 */
const PART_RATIO = 4

/** Takes in an update that has no flaw. Changes `content` in place. */
export function grow(content: Content, update: YUpdate, by: Person, tail: Tail): void {
  const bytes = bytesOf(update)
  for (const [client, clock] of Y.parseUpdateMeta(bytes).to) {
    const session = own(content.sessions, String(client))
    if (session !== undefined) session[0] = Math.max(session[0], clock)
    else {
      content.sessions[client] = [clock, personIn(content.people, by)]
      content.sessionCount += 1
    }
  }
  content.tail.push(update)
  content.tailChars += update.length
  if (content.tail.length <= tail.updates && content.tailChars <= tail.chars) return
  const full = charsOf(content) > DOCUMENT_LIMITS.contentChars
  let { part, deleted } = merged(content.tail)
  for (let before = content.parts.at(-1); before !== undefined; before = content.parts.at(-1)) {
    if (!full && before.length >= PART_RATIO * Math.max(part.length, deleted)) break
    content.parts.pop()
    ;({ part, deleted } = merged([before, part]))
  }
  content.parts.push(part)
  content.tail = []
  content.tailChars = 0
}

function charsOf({ parts, tailChars }: Content): number {
  return parts.reduce((sum, part) => sum + part.length, tailChars)
}

function personIn(people: Person[], { id, name }: Person): number {
  const index = people.findIndex((person) => person.id === id)
  return index >= 0 ? index : people.push({ id, name }) - 1
}

function merged(updates: readonly YUpdate[]): { part: YUpdate; deleted: number } {
  const { update, deletedLength } = compact(updates.map(bytesOf))
  return { part: toBase64Url(update), deleted: deletedLength }
}

function bytesOf(update: YUpdate): Uint8Array {
  const bytes = fromBase64Url(update)
  if (bytes === null) throw new Error('An update in the log is not base64url.')
  return bytes
}

export function contentOf({ parts: [base = '', ...parts], tail, sessions, people }: Content): DocumentContent {
  return {
    base,
    tail: [...parts, ...tail],
    sessions: Object.fromEntries(Object.entries(sessions).map(([client, [, person]]) => [client, person])),
    people: people.map((person) => ({ ...person })),
  }
}
