import type { Entry, Failure, JoinAnswer, JoinRequest, Json, RoomId, SendAnswer, SendRequest } from '@plenary/kinds'
import type { RoomAppend, Snapshot, StoredEntry } from '../../packages/engine/src/log/log.ts'
import type { ServerMessage } from '../../packages/client/src/transport.ts'

/**
 * What the world tells whoever looks on, at the moment at which it happens. Bodies are as they went over the wire, parsed anew, so that
 * nobody changes them later.
 */
export type Happening = LogHappening | WireHappening | DeviceHappening | NodeHappening

/** A happening with its place: simulated milliseconds, and the number of the step in which it was. */
export type Noted = Happening & { at: number; step: number }

/** What the log itself has done, whoever hears of it. */
export type LogHappening =
  /** This epoch began; all lower ones are over. */
  | { what: 'acquired'; shard: string; epoch: number; node: number }
  /** Written and in force from now on, whatever becomes of the answer. */
  | { what: 'landed'; shard: string; epoch: number; node: number; batch: readonly RoomAppend[] }
  | { what: 'snapshot'; shard: string; epoch: number; room: RoomId; snapshot: Snapshot }

/** What a gateway wrote to a connection, at the moment of the writing and in its order, whether or not it arrives. */
export type WireHappening =
  | { what: 'connected'; connection: string; person: number; node: number }
  | { what: 'joined'; connection: string; person: number; node: number; request: JoinRequest; answer: JoinAnswer }
  | { what: 'answered'; connection: string; person: number; node: number; request: SendRequest; answer: SendAnswer }
  | { what: 'wrote'; connection: string; person: number; node: number; message: ServerMessage }
  /** The gateway's side of it has ended. */
  | { what: 'ended'; connection: string; person: number; node: number }

/** What a person's device has shown. */
export type DeviceHappening =
  /** A page is opened: it begins without a view. */
  | { what: 'opened'; person: number }
  | { what: 'closed'; person: number }
  /** The SDK took a command and will see it through. */
  | { what: 'asked'; person: number; room: RoomId; id: string; type: string; body: Json }
  /** Shown as saved: `seq` as it was answered, null when it only left the list of what is pending. */
  | { what: 'saved'; person: number; room: RoomId; id: string; seq: number | null }
  | { what: 'refused'; person: number; room: RoomId; id: string; failure: Failure }
  /** An entry was told to the page. */
  | { what: 'saw'; person: number; room: RoomId; entry: Entry }
  /** The view began anew: what lies between was not told one by one. */
  | { what: 'jumped'; person: number; room: RoomId; from: number; to: number }

export type NodeHappening =
  /** `why`: what ended it, or `null` for a new process. */
  | { what: 'node'; node: number; up: boolean; why: 'start' | 'crash' | 'stop' }
  /** This gateway has been told that the person has no right to the event any more. */
  | { what: 'kicked'; node: number; person: number }

/** The world when its time is up. */
export interface Ending {
  /** The wall clock without anyone's error. */
  now: number
  /** What a reader of the log finds, each room from its first entry. */
  rooms: readonly { room: RoomId; entries: readonly StoredEntry[] }[]
  people: readonly PersonAtEnd[]
}

export interface PersonAtEnd {
  person: number
  /** Has a page open, and was not told to go. */
  open: boolean
  rooms: readonly RoomAtEnd[]
}

export interface RoomAtEnd {
  room: RoomId
  state: 'joining' | 'live' | 'refused'
  /** The view shows everything up to here. */
  seq: number
  view: Json
  mine: Json
  /** Ids of commands that are neither settled nor refused. */
  unsettled: readonly string[]
  failure?: Failure
}

/** Looks on, and says what was wrong. */
export interface Onlooker {
  note(happening: Noted): void
  /** Once, and last. */
  finish(ending: Ending): void
  /** All that was found so far, in the order in which it was. */
  readonly violations: readonly Violation[]
}

/** A promise that was broken: its number, where, and how. */
export interface Violation {
  promise: string
  step: number
  at: number
  text: string
  /** What it is about, so that the steps that concern it can be shown. */
  room?: string
  person?: number
  /** Only the end shows it: sooner, it may still have come right. */
  atEnd?: true
}
