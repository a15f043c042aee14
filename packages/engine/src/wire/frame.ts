import type { Audience, RoomId, Seq, UserId } from '@plenary/kinds'

/** A batch as it travels: a small header that gateways read, and the packet that clients receive, encoded once for the cluster. */
export interface BatchFrame {
  header: FrameHeader
  /** A whole Socket.IO packet, UTF-8: `2["batch",{…}]`. */
  packet: Uint8Array
}

export interface FrameHeader {
  room: RoomId
  audience: Audience
  after: Seq
  through: Seq
  /** Bytes of the packet between the brackets of its `entries`; empty when `from === to`. */
  entries: Span
  /** Packets that hold more for some users, behind one another in `packet` after the common one. */
  only?: { user: UserId; packet: Span; entries: Span }[]
  /** Where the common packet ends; the packet's end when there is no `only`. */
  end: number
  /** Users who from here on may not be in the room, and those who may again. */
  barred?: { user: UserId; barred: boolean }[]
}

export interface Span {
  from: number
  to: number
}

const encoder = new TextEncoder()

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

/** Encodes a batch: the common packet, and a fuller one for each user that an entry is for alone. */
export function encodeFrame(input: FrameInput): BatchFrame {
  const common = encodePacket(input, null)
  const users = new Set(input.entries.flatMap((entry) => (entry.only === null ? [] : [entry.only])))
  const header: FrameHeader = {
    room: input.room,
    audience: input.audience,
    after: input.after,
    through: input.through,
    entries: common.entries,
    end: common.packet.length,
    ...(input.barred === undefined || input.barred.length === 0 ? {} : { barred: input.barred }),
  }
  if (users.size === 0) return { header, packet: common.packet }

  const parts = [common.packet]
  let length = common.packet.length
  header.only = []
  for (const user of users) {
    const own = encodePacket(input, user)
    header.only.push({
      user,
      packet: { from: length, to: length + own.packet.length },
      entries: { from: length + own.entries.from, to: length + own.entries.to },
    })
    parts.push(own.packet)
    length += own.packet.length
  }
  return { header, packet: Buffer.concat(parts, length) }
}

function encodePacket(input: FrameInput, user: UserId | null): { packet: Uint8Array; entries: Span } {
  const head = `2["batch",{"room":${JSON.stringify(input.room)},"after":${input.after},"through":${input.through},"entries":[`
  let body = ''
  for (const entry of input.entries) {
    if (entry.only === null || entry.only === user) body += body === '' ? entry.json : `,${entry.json}`
  }
  const packet = encoder.encode(`${head}${body}]}]`)
  // The head is ASCII: ids are, and so are the numbers.
  return { packet, entries: { from: head.length, to: packet.length - 3 } }
}

/** What a user's sockets get of a frame: their own packet if there is one, the common one otherwise. */
export function packetFor(frame: BatchFrame, user: UserId): Uint8Array {
  const own = frame.header.only?.find((each) => each.user === user)
  return own === undefined ? commonPacket(frame) : frame.packet.subarray(own.packet.from, own.packet.to)
}

export function commonPacket(frame: BatchFrame): Uint8Array {
  return frame.header.only === undefined ? frame.packet : frame.packet.subarray(0, frame.header.end)
}

/** The entries a user sees in a frame, as the text between the brackets. */
export function entriesFor(frame: BatchFrame, user: UserId): Uint8Array {
  const span = frame.header.only?.find((each) => each.user === user)?.entries ?? frame.header.entries
  return frame.packet.subarray(span.from, span.to)
}
