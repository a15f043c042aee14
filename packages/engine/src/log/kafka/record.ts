import type { CommandId, Millis, RoomId, Seq } from '@plenary/kinds'
import type { RoomAppend, Sees, StoredEntry } from '../log.ts'

/** Begins an epoch. Of several fences of one epoch the first in the partition counts; `token` tells them apart. */
export interface FenceRecord {
  epoch: number
  token: string
}

/** One append. `n` counts an epoch's appends from 1, so that a repeated one is recognised. */
export interface AppendRecord {
  epoch: number
  n: number
  batch: readonly RoomAppend[]
}

export type LogRecord = FenceRecord | AppendRecord

/** Raised when records change shape; readers refuse what they do not know. */
const VERSION = 1

interface Header {
  v: number
  epoch: number
  token?: string
  n?: number
  rooms?: [room: RoomId, after: Seq, deadline: Millis | null, entries: EntryHeader[]][]
}
type EntryHeader = [id: CommandId, at: Millis, sees: Sees, about: Seq | null, chars: number]

/** A line of JSON, and behind it the entries' own texts, as they are, one after the other. */
export function encodeRecord(record: LogRecord): Buffer {
  if ('token' in record) return Buffer.from(`${JSON.stringify({ v: VERSION, ...record } satisfies Header)}\n`)
  const { epoch, n, batch } = record
  const texts: string[] = []
  const rooms: Header['rooms'] = batch.map(({ room, after, deadline, entries }) => [
    room,
    after,
    deadline,
    entries.map(({ id, at, sees, about, json }) => {
      texts.push(json)
      return [id, at, sees, about, json.length]
    }),
  ])
  return Buffer.from(`${JSON.stringify({ v: VERSION, epoch, n, rooms } satisfies Header)}\n${texts.join('')}`)
}

/** Throws for what is no record of ours, or one of a newer version. */
export function decodeRecord(value: Buffer): LogRecord {
  const text = value.toString('utf8')
  const end = text.indexOf('\n')
  const header = JSON.parse(text.slice(0, end)) as Header
  if (header.v !== VERSION) throw new Error(`A record of version ${header.v} cannot be read; this knows ${VERSION}.`)
  const { epoch, token, n = 0, rooms = [] } = header
  if (token !== undefined) return { epoch, token }
  let place = end + 1
  const batch = rooms.map(([room, after, deadline, entries]): RoomAppend => {
    const stored = entries.map(([id, at, sees, about, chars], index): StoredEntry => {
      const json = text.slice(place, (place += chars))
      return { seq: after + index + 1, id, at, sees, about, json }
    })
    return { room, after, deadline, entries: stored }
  })
  return { epoch, n, batch }
}
