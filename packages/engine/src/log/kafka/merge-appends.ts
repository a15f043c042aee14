import type { RoomAppend, StoredEntry } from '../log.ts'

/** One statement of the writer carries about so much; PostgreSQL must answer it before it counts as silent. */
const ENTRIES_MAX = 2_000
const CHARS_MAX = 2 * 1024 * 1024

/**
 * Appends of one epoch, one after the other, as few batches in which no room comes twice; a large append is cut. Carried out in
 * one transaction they come to the same.
 */
export function mergeAppends(batches: readonly (readonly RoomAppend[])[]): RoomAppend[][] {
  const merged: Map<RoomAppend['room'], RoomAppend>[] = []
  let open = new Map<RoomAppend['room'], RoomAppend>()
  let entries = 0
  let chars = 0
  const add = (append: RoomAppend) => {
    if (open.size === 0) merged.push(open)
    const before = open.get(append.room)
    const joined =
      before === undefined
        ? append
        : { ...append, after: before.after, entries: [...before.entries, ...append.entries] }
    open.set(append.room, joined)
  }
  for (const append of batches.flat()) {
    let from = 0
    let part: StoredEntry[] = []
    for (const entry of append.entries) {
      part.push(entry)
      entries++
      chars += entry.json.length
      if (entries < ENTRIES_MAX && chars < CHARS_MAX) continue
      add({ ...append, after: append.after + from, entries: part })
      from += part.length
      part = []
      open = new Map()
      entries = 0
      chars = 0
    }
    if (part.length > 0 || append.entries.length === 0) add({ ...append, after: append.after + from, entries: part })
  }
  return merged.map((rooms) => [...rooms.values()])
}
