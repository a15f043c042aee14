import type { Audience, RoomId, Seq, UserId } from '@plenary/kinds'

/** A batch as it travels: a small header that gateways read, and the packet that clients receive, encoded once for the cluster. */
export interface BatchFrame {
  header: FrameHeader
  /** A whole Socket.IO packet, UTF-8: `2["batch",{…}]`, and behind it the entries that are for one user alone. */
  packet: Uint8Array
}

export interface FrameHeader {
  room: RoomId
  audience: Audience
  after: Seq
  through: Seq
  /** Bytes of the packet between the brackets of its `entries`; empty when `from === to`. */
  entries: Span
  /** Entries for one user alone, in their order; they stand behind the common packet. */
  only?: OnlyEntry[]
  /** Where the common packet ends; the packet's end when there is no `only`. */
  end: number
  /** Users who from here on may not be in the room, and those who may again. */
  barred?: { user: UserId; barred: boolean }[]
}

export interface Span {
  from: number
  to: number
}

export interface OnlyEntry extends Span {
  user: UserId
  /** Where in the common packet it belongs: before the entry that begins here, or at the end of the entries. */
  at: number
}

const encoder = new TextEncoder()
const TAIL = encoder.encode(']}]')
const COMMA = encoder.encode(',')

/** One visible entry as text, and whom it is for: everyone of the audience, or one user alone. */
export interface FrameEntry {
  json: string
  only: UserId | null
}

export interface FrameInput {
  room: RoomId
  audience: Audience
  after: Seq
  through: Seq
  entries: readonly FrameEntry[]
  barred?: { user: UserId; barred: boolean }[]
}

/** Encodes a batch. Each entry is written once, however many users there are that one is for alone. */
export function encodeFrame(input: FrameInput): BatchFrame {
  const { room, audience, after, through, barred } = input
  const head = headOf(room, after, through)
  let common = ''
  let few = false
  for (const { json, only } of input.entries) {
    if (only !== null) few = true
    else common += common === '' ? json : `,${json}`
  }
  const packet = encoder.encode(`${head}${common}]}]`)
  // The head is ASCII: ids are, and so are the numbers.
  const entries = { from: head.length, to: packet.length - TAIL.length }
  const header: FrameHeader = { room, audience, after, through, entries, end: packet.length }
  if (barred !== undefined && barred.length > 0) header.barred = barred
  if (!few) return { header, packet }

  header.only = []
  const parts = [packet]
  let at = entries.from
  let length = packet.length
  for (const entry of input.entries) {
    if (entry.only === null) {
      at = Math.min(at + Buffer.byteLength(entry.json) + 1, entries.to)
      continue
    }
    const own = encoder.encode(entry.json)
    header.only.push({ user: entry.only, at, from: length, to: length + own.length })
    parts.push(own)
    length += own.length
  }
  return { header, packet: Buffer.concat(parts, length) }
}

/** What a user's sockets get of a frame: the common packet, with the user's own entries in their places. */
export function packetFor(frame: BatchFrame, user: UserId, after = frame.header.after): Uint8Array {
  const { header } = frame
  if (!header.only?.some((each) => each.user === user)) return commonPacket(frame, after)
  return Buffer.concat([headFrom(frame, after), entriesFor(frame, user), TAIL])
}

/** What all sockets get of a frame. With an earlier `after` it leads on from there: nothing that lies between was for all of them. */
export function commonPacket(frame: BatchFrame, after = frame.header.after): Uint8Array {
  const { header, packet } = frame
  if (after === header.after) return header.only === undefined ? packet : packet.subarray(0, header.end)
  return Buffer.concat([headFrom(frame, after), packet.subarray(header.entries.from, header.end)])
}

/** Whether a frame has nothing for all sockets of its audience. */
export function isForFew({ header }: BatchFrame): boolean {
  return header.entries.from === header.entries.to
}

/** Tells that there is nothing more of `(after, through]` to be told. */
export function emptyPacket(room: RoomId, after: Seq, through: Seq): Uint8Array {
  return encoder.encode(`${headOf(room, after, through)}]}]`)
}

function headOf(room: RoomId, after: Seq, through: Seq): string {
  return `2["batch",{"room":${JSON.stringify(room)},"after":${after},"through":${through},"entries":[`
}

function headFrom({ header, packet }: BatchFrame, after: Seq): Uint8Array {
  if (after === header.after) return packet.subarray(0, header.entries.from)
  return encoder.encode(headOf(header.room, after, header.through))
}

/** The entries a user sees in a frame, as the text between the brackets. */
export function entriesFor(frame: BatchFrame, user: UserId): Uint8Array {
  const { packet } = frame
  const { from, to } = frame.header.entries
  const own = frame.header.only?.filter((each) => each.user === user) ?? []
  if (own.length === 0) return packet.subarray(from, to)
  const parts: Uint8Array[] = []
  const add = (part: Uint8Array) => void (parts.length === 0 ? parts.push(part) : parts.push(COMMA, part))
  let start = from
  for (const each of own) {
    // Where a common entry follows, a comma stands before it.
    if (each.at > start) add(packet.subarray(start, each.at === to ? to : each.at - COMMA.length))
    add(packet.subarray(each.from, each.to))
    start = each.at
  }
  if (start < to) add(packet.subarray(start, to))
  return Buffer.concat(parts)
}
