import type { CommandId, LogId, Millis, RoomId, Seq, UserId } from '@plenary/kinds'

/** Who may read a stored entry: `everyone`, `staff`, `nobody`, or `only:` and a user id. */
export type Sees = 'everyone' | 'staff' | 'nobody' | `only:${UserId}`

/** An entry as the log keeps it: its text is what clients get, so that reading needs no parsing. */
export interface StoredEntry {
  seq: Seq
  id: CommandId
  at: Millis
  sees: Sees
  /** The earlier entry that this one changes. */
  about: Seq | null
  /** The whole entry as JSON. */
  json: string
}

/** What one append does to one room. */
export interface RoomAppend {
  room: RoomId
  /** The room's head before; the log refuses a gap or an overlap. */
  after: Seq
  entries: readonly StoredEntry[]
  /** When the room next needs its owner by itself. */
  deadline: Millis | null
}

export interface Snapshot {
  seq: Seq
  /** The kind's version that wrote it. */
  version: number
  state: string
}

export interface LoadedRoom {
  head: Seq
  snapshot: Snapshot | null
  /** All entries past the snapshot, ascending. */
  entries: StoredEntry[]
}

/** A command's id and where an entry of it is; its last one comes last. */
export interface CommandPlace {
  id: CommandId
  seq: Seq
}

/** A slice of a room: above `after`, up to `through`, at most `limit` of those `reader` may see. */
export interface Slice {
  after: Seq
  through: Seq
  limit: number
  /** From the upper end down; the answer ascends all the same. */
  newestFirst?: boolean
  reader: Reader
}
/** Which entries' later changes are asked for. */
export interface Amended {
  subjects: readonly Seq[]
  after: Seq
  limit: number
  reader: Reader
}
/** Whose eyes a read is for. `all` is for the owner and for exports. */
export type Reader = { audience: 'everyone' | 'staff'; user: UserId | null } | 'all'

/** Thrown by every use of a `ShardLog` whose epoch is over. Nothing of that call was written, and nothing later will be. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
  constructor(shard: string, epoch: number) {
    super(`Epoch ${epoch} of shard ${shard} is over.`)
  }
}

/**
 * What is kept. Guarantee: an append that resolved is durable and whole (R1); within a room entries are dense (R2); an append
 * of an epoch below the highest acquired one is refused with `Fenced` (R4), judged by the log itself together with the write.
 * An append that rejected with anything else has an unknown outcome: whole or not at all.
 */
export interface RoomLog {
  readonly id: LogId
  /** The highest epoch of the shard that this log has accepted; 0 for none. */
  epoch(shard: string): Promise<number>
  /** Ends all lower epochs of the shard. Throws `Fenced` when `epoch` is not above all accepted ones. */
  acquire(shard: string, epoch: number): Promise<ShardLog>
  head(room: RoomId): Promise<Seq>
  read(room: RoomId, slice: Slice): Promise<StoredEntry[]>
  /** Entries past `after` that change one of these, ascending, at most `limit`. */
  amendments(room: RoomId, amended: Amended): Promise<StoredEntry[]>
  /** The last seq at or before a moment; 0 for none. Times in a room never go down. */
  seqAt(room: RoomId, at: Millis): Promise<Seq>
  close(): Promise<void>
}

/** One ownership of one shard. */
export interface ShardLog {
  readonly shard: string
  readonly epoch: number
  /** All rooms or none. */
  append(batch: readonly RoomAppend[]): Promise<void>
  /** The last seq of a command's entries; null when it has none here. */
  find(room: RoomId, id: CommandId): Promise<Seq | null>
  load(room: RoomId): Promise<LoadedRoom>
  /** Of the newest entries, at most so many, oldest first: what was asked for with them. */
  ids(room: RoomId, limit: number): Promise<CommandPlace[]>
  snapshot(room: RoomId, snapshot: Snapshot): Promise<void>
  /** Rooms of the shard that need their owner by themselves. */
  deadlines(): Promise<{ room: RoomId; at: Millis }[]>
}
