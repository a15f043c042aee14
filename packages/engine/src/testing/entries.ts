import type { CommandId, RoomId } from '@plenary/kinds'
import type { StoredEntry } from '../log/log.ts'
import { commonPacket, encodeFrame } from '../wire/frame.ts'
import type { FrameEntry } from '../wire/frame.ts'
import { frameOnce } from '../gateway/outgoing.ts'
import type { RingItem } from '../gateway/ring.ts'

/** A stored entry of some text, for tests of what only passes entries on. */
export function storedEntry(seq: number, chars = 10): StoredEntry {
  const id = `c-${seq}` as CommandId
  return { seq, id, at: seq, sees: 'everyone', about: null, json: JSON.stringify({ seq, text: 'x'.repeat(chars) }) }
}

/** A batch as a gateway's ring keeps it. */
export function ringItem(after: number, through: number, chars = 10): RingItem {
  const entries: FrameEntry[] = []
  for (let seq = after + 1; seq <= through; seq++) entries.push({ json: storedEntry(seq, chars).json, only: null })
  const frame = encodeFrame({ room: 'r' as RoomId, audience: 'everyone', after, through, entries })
  return { frame, outgoing: frameOnce(commonPacket(frame)), after, only: null }
}
