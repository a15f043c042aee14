import type {
  Access,
  Actor,
  Audience,
  CommandId,
  Json,
  LogId,
  PresenceMember,
  Role,
  RoomId,
  Seq,
  UserId,
} from '@plenary/kinds'
import type { FrameHeader } from '../wire/frame.ts'

/** What gateways ask of the owner of a room's shard, and what they are told. Refusals are thrown as PlenaryError. */
export type Order =
  | { op: 'command'; command: CommandOrder }
  | { op: 'open'; room: RoomId }
  | { op: 'view'; room: RoomId; audience: Audience }
  | { op: 'mine'; room: RoomId; users: UserId[] }
  | { op: 'mayPutFiles'; room: RoomId; who: { id: UserId; role: Role } }
  | { op: 'fill'; room: RoomId; audience: Audience; after: Seq }

export interface CommandOrder {
  room: RoomId
  id: CommandId
  type: string
  /** As the kind's schema yields it. */
  body: unknown
  by: Actor
  /** It may have been carried out before. */
  again: boolean
  /**
   * How far the room reached, at the least, when the command was sent for the first time, or when a gateway heard it from a client that
   * does not tell. An order that was long on its way may come after another copy of it, and its room may have forgotten that one since:
   * what was carried out is found past here. Absent from gateways that do not say it yet.
   */
  since?: Seq
}

export interface CommandDone {
  seq: Seq
  result?: Json
}
/** What a gateway must know of a room before it lets anyone in. */
export interface Opened {
  kind: string
  access: Access
  log: LogId
  head: Seq
  barred: readonly UserId[]
}
/** The payload is the view's JSON, to stand behind `"view":`; what is given once beside it follows as a member of its own. */
export interface Viewed {
  seq: Seq
}
export interface Mines {
  seq: Seq
  mine: Record<UserId, Json>
}
/** A frame from `after` to the head, its packet the payload; `null` when the gap is too long to fill. */
export type Filled = FrameHeader | null

/** Beside frames, on a stream's topic: how far the stream reaches, so that a lost last batch is noticed. */
export interface HeadNotice {
  room: RoomId
  audience: Audience
  head: Seq
}

/** A shard has a new owner, or its owner was cut off: what was told of it may not have been heard. */
export interface TakenNotice {
  shard: number
}

/** In front of what goes over a room's live topic; the payload is the packet for clients. */
export type LiveHeader =
  /** `audience` where it is not the same for all. */
  | { live: 'digest'; audience?: Audience }
  | { live: 'signal'; from: string }
  /** What people on one gateway said, added up; has no payload. */
  | { live: 'gathered'; type: string; sums: Record<string, number> }
  /** This user's own part changed in a way that no entry tells. */
  | { live: 'mine'; user: UserId }
  | { live: 'presence'; node: string; report: PresenceReport }
  | { live: 'hello'; node: string }

/** Who is in a room on one gateway: all of them while they are few, some of them when they are many. */
export interface PresenceReport {
  total: number
  members: PresenceMember[]
}

/** FNV-1a: which shard of its zone a room is in. Part of the format: never changes for a number of shards. */
export function shardOf(room: RoomId, shards: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < room.length; at++) hash = Math.imul(hash ^ room.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % shards
}

export const shardTopic = (zone: string, shard: number) => `shard.${zone}.${shard}`
export const streamTopic = (room: RoomId, audience: Audience) => `room.${room}.${audience}`
/** What is told to whoever is there now and never stored: signals, presence, digests. */
export const liveTopic = (room: RoomId) => `room.${room}.live`
/** Where owners say that they have taken a shard: what the one before them made durable may not have been told. */
export const TAKEN_TOPIC = 'taken'
export const shardName = (zone: string, shard: number) => `${zone}/${shard}`
