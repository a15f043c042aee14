import type { CommandId, Millis, RoomId, Seq } from '@plenary/kinds'
import type { RoomAppend, Sees, StoredEntry } from './log.ts'

/** One shard's append. */
export interface ShardBatch {
  shard: string
  batch: readonly RoomAppend[]
}

interface Header {
  shard: string
  rooms: [room: RoomId, after: Seq, deadline: Millis | null, entries: EntryHeader[]][]
}
type EntryHeader = [id: CommandId, at: Millis, sees: Sees, about: Seq | null, chars: number]

/**
 * An append as it goes to the writer thread and to disk: a line of JSON, and behind it the entries' own texts as they are, so that
 * nothing is put into words twice. Throws when a room's entries do not follow on one by one.
 */
export function encodeAppend({ shard, batch }: ShardBatch): string {
  let texts = ''
  const rooms = batch.map(({ room, after, deadline, entries }): Header['rooms'][number] => {
    let next = after
    const headers = entries.map(({ seq, id, at, sees, about, json }): EntryHeader => {
      if (seq !== ++next) throw new Error(`Entry ${seq} of room ${room} does not follow on.`)
      texts += json
      return [id, at, sees, about, json.length]
    })
    return [room, after, deadline, headers]
  })
  return `${JSON.stringify({ shard, rooms } satisfies Header)}\n${texts}`
}

/** What `encodeAppend` made a text of. */
export function decodeAppend(text: string): ShardBatch {
  const end = text.indexOf('\n')
  const { shard, rooms } = JSON.parse(text.slice(0, end)) as Header
  let place = end + 1
  const batch = rooms.map(([room, after, deadline, headers]): RoomAppend => {
    const entries = headers.map(([id, at, sees, about, chars], index): StoredEntry => {
      const json = text.slice(place, (place += chars))
      return { seq: after + index + 1, id, at, sees, about, json }
    })
    return { room, after, deadline, entries }
  })
  return { shard, batch }
}
