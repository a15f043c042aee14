import * as Y from 'yjs'

type Struct = Y.Item | Y.GC | Y.Skip
type Deletions = ReturnType<typeof Y.createDeleteSet>

/**
 * One update with the same outcome as all of these, which lie in the order in which they came: what was deleted is named and no
 * more told, and what one session wrote on and on is one piece. Works on the updates' own parts, so that it costs in proportion to
 * what is given; a document built of a megabyte would take five times as long. Where two of them tell the same stretch of
 * a session, the first one counts, as it does for whoever applied them one by one. `deletedLength`: how much they delete in all, as Yjs counts.
 */
export function compact(updates: readonly Uint8Array[]): { update: Uint8Array; deletedLength: number } {
  const decoded = updates.map((update) => Y.decodeUpdate(update))
  const deletions = Y.mergeDeleteSets(decoded.map(({ ds }) => ds))
  const sessions = new Map<number, Struct[]>()
  for (const { structs } of decoded) {
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue
      const { client, clock } = struct.id
      const line = sessions.get(client) ?? []
      const last = line.at(-1)
      const reached = last === undefined ? clock : last.id.clock + last.length
      if (clock + struct.length <= reached) continue
      sessions.set(client, line)
      // What lies between is in the updates that these follow on.
      if (clock > reached) line.push(new Y.Skip(Y.createID(client, reached), clock - reached))
      const fresh = clock < reached ? cut(struct, reached - clock) : struct
      if (fresh instanceof Y.Item) for (const piece of piecesOf(fresh, deletions)) append(line, piece)
      else append(line, fresh)
    }
  }
  let deletedLength = 0
  for (const ranges of deletions.clients.values()) for (const { len } of ranges) deletedLength += len
  return { update: encode(sessions, deletions), deletedLength }
}

/** An item as what is there of it and what is not, in order. */
function piecesOf(item: Y.Item, deletions: Deletions): (Y.Item | Y.GC)[] {
  const { client, clock } = item.id
  const end = clock + item.length
  const ranges = deletions.clients.get(client) ?? []
  const pieces: (Y.Item | Y.GC)[] = []
  let rest = item
  for (let at = firstEndingAfter(ranges, clock); at < ranges.length; at++) {
    const range = ranges[at]
    if (range === undefined || range.clock >= end) break
    if (range.len === 0) continue
    if (range.clock > rest.id.clock) {
      const gone = cut(rest, range.clock - rest.id.clock)
      pieces.push(rest)
      rest = gone
    }
    const rangeEnd = range.clock + range.len
    if (rangeEnd >= end) return [...pieces, emptied(rest, deletions)]
    const kept = cut(rest, rangeEnd - rest.id.clock)
    pieces.push(emptied(rest, deletions))
    rest = kept
  }
  return [...pieces, rest]
}

/** The place, in ranges that lie in order, of the first that reaches beyond a clock. */
function firstEndingAfter(ranges: readonly { clock: number; len: number }[], clock: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const range = ranges[middle]
    if (range !== undefined && range.clock + range.len <= clock) low = middle + 1
    else high = middle
  }
  return low
}

/** A deleted item without what was in it; of one in something deleted not even its place is needed. */
function emptied(item: Y.Item, deletions: Deletions): Y.Item | Y.GC {
  const { id, length, parent } = item
  if (parent instanceof Y.ID && Y.isDeleted(deletions, parent)) return new Y.GC(id, length)
  item.content = new Y.ContentDeleted(length)
  return item
}

/** Cuts an item, or a stretch of nothing, off behind so many; answers what was behind. */
function cut<S extends Y.Item | Y.GC>(struct: S, length: number): S
function cut(struct: Y.Item | Y.GC, length: number): Y.Item | Y.GC {
  const { client, clock } = struct.id
  const id = Y.createID(client, clock + length)
  const behind = struct.length - length
  struct.length = length
  if (!(struct instanceof Y.Item)) return new Y.GC(id, behind)
  const origin = Y.createID(client, clock + length - 1)
  // The parent follows from the neighbour on its left, as it does in an update.
  return new Y.Item(id, null, origin, null, struct.rightOrigin, null, null, struct.content.splice(length))
}

function append(line: Struct[], struct: Y.Item | Y.GC): void {
  const last = line.at(-1)
  if (last === undefined || !joined(last, struct)) line.push(struct)
}

/** Whether the second is told with the first from now on: exactly as it would be without. */
function joined(last: Struct, next: Y.Item | Y.GC): boolean {
  if (last instanceof Y.GC && next instanceof Y.GC) {
    last.length += next.length
    return true
  }
  if (!(last instanceof Y.Item && next instanceof Y.Item)) return false
  const follows =
    next.origin !== null &&
    next.origin.client === last.id.client &&
    next.origin.clock === last.id.clock + last.length - 1 &&
    sameId(last.rightOrigin, next.rightOrigin)
  if (!follows || last.content.constructor !== next.content.constructor) return false
  if (!last.content.mergeWith(next.content)) return false
  last.length += next.length
  return true
}

function sameId(one: Y.ID | null, other: Y.ID | null): boolean {
  return one === null || other === null ? one === other : one.client === other.client && one.clock === other.clock
}

/** As Yjs writes an update (format 1): sessions and deletions by falling client id. */
function encode(sessions: ReadonlyMap<number, readonly Struct[]>, deletions: Deletions): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  encoder.writeLen(sessions.size)
  for (const [client, line] of falling(sessions)) {
    encoder.writeLen(line.length)
    encoder.writeClient(client)
    encoder.writeLen(line[0]?.id.clock ?? 0)
    for (const struct of line) struct.write(encoder, 0)
  }
  encoder.writeLen(deletions.clients.size)
  for (const [client, ranges] of falling(deletions.clients)) {
    encoder.resetDsCurVal()
    encoder.writeClient(client)
    encoder.writeLen(ranges.length)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
  return encoder.toUint8Array()
}

function falling<T>(byClient: ReadonlyMap<number, T>): [number, T][] {
  return [...byClient].toSorted(([one], [other]) => other - one)
}
