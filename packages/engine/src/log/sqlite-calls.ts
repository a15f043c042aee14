import type { CommandId, Millis, RoomId } from '@plenary/kinds'
import type { Amended, Slice, Snapshot } from './log.ts'

/** What the log asks of its writer thread. */
export type Call =
  | { op: 'epoch'; shard: string }
  | { op: 'acquire'; shard: string; epoch: number }
  /** `text` as `encodeAppend` makes it. */
  | { op: 'append'; shard: string; epoch: number; text: string }
  | { op: 'find'; room: RoomId; id: CommandId }
  | { op: 'load'; room: RoomId }
  | { op: 'ids'; room: RoomId; limit: number }
  | { op: 'snapshot'; shard: string; epoch: number; room: RoomId; snapshot: Snapshot }
  | { op: 'deadlines'; shard: string }
  | { op: 'head'; room: RoomId }
  | { op: 'read'; room: RoomId; slice: Slice }
  | { op: 'amendments'; room: RoomId; amended: Amended }
  | { op: 'seqAt'; room: RoomId; at: Millis }
  | { op: 'close' }

export type WorkerCall = Call & { call: number }
export type WorkerAnswer = { call: number; value: unknown } | { call: number; error: string; fenced: boolean }
