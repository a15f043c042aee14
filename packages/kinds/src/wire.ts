import { z } from 'zod'
import type { Failure } from './errors.ts'
import type { CommandId, LogId, RoomId, Seq, UserId } from './ids.ts'
import type { Entry, Json } from './kind.ts'
import { LIMITS } from './limits.ts'
import type { Role } from './roles.ts'

/**
 * The wire protocol of docs/SPEC.md §Wire: Socket.IO v5, default namespace, JSON bodies. Schemas are strict: an unknown
 * field is a `bad_request`.
 */

// `__proto__` is no id: as a key of a plain record it would not be kept.
const id = <T extends string>() =>
  z
    .string()
    .regex(/^(?!__proto__$)[\w-]{1,64}$/)
    .transform((value) => value as T)

export const roomIdSchema = id<RoomId>()
export const userIdSchema = id<UserId>()
export const commandIdSchema = z.uuid().transform((value) => value.toLowerCase() as CommandId)
export const seqSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Where a client stands in a room's log. */
export const cursorSchema = z.strictObject({ log: id<LogId>(), seq: seqSchema })
export interface Cursor {
  log: LogId
  seq: Seq
}

export const joinSchema = z.strictObject({ room: roomIdSchema, cursor: cursorSchema.optional() })
export const leaveSchema = z.strictObject({ room: roomIdSchema })
export const sendSchema = z.strictObject({
  room: roomIdSchema,
  id: commandIdSchema,
  type: z.string().min(1).max(64),
  body: z.unknown(),
  again: z.boolean().optional(),
  /** Where the client stood in the room when it sent this first. Only for servers that say in `welcome` that they take it. */
  seen: seqSchema.optional(),
})
export const signalSchema = z.strictObject({ room: roomIdSchema, type: z.string().min(1).max(64), body: z.unknown() })
/** `join`: rooms to be in from the start, each answered with `joined` by servers that say in `welcome` that they take it. The others pass it over. */
export const handshakeSchema = z.object({
  ticket: z.string().min(1).max(4096),
  join: z.array(joinSchema).max(LIMITS.roomsPerConnection).optional(),
})

export type JoinRequest = z.input<typeof joinSchema>
/** As a server has checked it. */
export type CheckedJoin = z.output<typeof joinSchema>
export type SendRequest = z.input<typeof sendSchema>
export type SignalRequest = z.input<typeof signalSchema>

/** A fresh join, or a resume whose gap could not be filled (`reset: true`): start from `view`. */
export interface JoinView {
  ok: true
  kind: string
  role: Role
  cursor: Cursor
  view: Json
  /** What is given once beside the view, of kinds that have it. */
  content?: Json
  reset?: true
  mine?: Json
  /** The place in the log that `mine` speaks of; it may lie past the cursor. */
  mineSeq?: Seq
}
/** A resume: exactly the entries between the client's cursor and the new one. */
export interface JoinEntries {
  ok: true
  kind: string
  role: Role
  cursor: Cursor
  entries: Entry[]
}
export type JoinAnswer = JoinView | JoinEntries | Failure
export interface SendReceipt {
  ok: true
  /** The room's head once the command's entries were durable. */
  seq: Seq
  result?: Json
}
export type SendAnswer = SendReceipt | Failure
export type LeaveAnswer = { ok: true } | Failure

export interface Welcome {
  node: string
  /** The server's wall clock, for showing times; never for order. */
  now: number
  limits: { commandBytes: number; commandsPerSecond: number; roomsPerConnection: number }
  /** What servers have not always taken, and this one does: `seen` of `send`, `join` of the handshake. */
  takes?: readonly ('seen' | 'join')[]
}
/** The answer to a room that was asked for with the handshake. */
export interface Joined {
  room: RoomId
  answer: JoinAnswer
}
/** The visible entries of `(after, through]`; the client applies it when `after` is at or before its cursor. */
export interface Batch {
  room: RoomId
  after: Seq
  through: Seq
  entries: Entry[]
}
/** Sent unasked when a slow socket could not be brought up to date entry by entry: start again from here. */
export interface ViewReset {
  room: RoomId
  cursor: Cursor
  view: Json
  content?: Json
  mine?: Json
  mineSeq?: Seq
}
/** Your own part anew, where no entry tells how it changed. */
export interface OwnPart {
  room: RoomId
  mine: Json
  /** The place in the log that it speaks of. */
  mineSeq: Seq
}
export interface Digest {
  room: RoomId
  through: Seq
  body: Json
}
export interface PresenceMember {
  id: UserId
  name: string
  role: Role
}
export interface Presence {
  room: RoomId
  total: number
  joined?: PresenceMember[]
  left?: UserId[]
  /** All who are there while they are few; a part of them, in place of what was known, when they are many. */
  sample?: PresenceMember[]
}
export interface SignalMessage {
  room: RoomId
  /** Null where the body is the sum of what many sent. */
  by: { id: UserId; name: string } | null
  type: string
  body: Json
}
/** Connect elsewhere within so many milliseconds, then drop this connection. */
export interface Goodbye {
  within: number
  reason: string
}
/** The right to the room, or to the whole event, is gone or has changed. */
export interface Revoked {
  room?: RoomId
  code: 'kicked' | 'banned' | 'role_changed' | 'event_ended'
}

/** Server → client events, as `socket.io-client` types them. */
export interface ServerEvents {
  welcome(body: Welcome): void
  joined(body: Joined): void
  batch(body: Batch): void
  view(body: ViewReset): void
  mine(body: OwnPart): void
  digest(body: Digest): void
  presence(body: Presence): void
  signal(body: SignalMessage): void
  goodbye(body: Goodbye): void
  revoked(body: Revoked): void
}
/** Client → server events. */
export interface ClientEvents {
  join(body: JoinRequest, ack: (answer: JoinAnswer) => void): void
  leave(body: { room: string }, ack: (answer: LeaveAnswer) => void): void
  send(body: SendRequest, ack: (answer: SendAnswer) => void): void
  signal(body: SignalRequest): void
}
