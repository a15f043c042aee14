import { LIMITS } from '@plenary/kinds'
import type { AnyKind, Audience, Identity, Json, Role, RoomId, Seq } from '@plenary/kinds'
import type { ClientSocket } from './client-socket.ts'
import { TokenBucket } from './token-bucket.ts'

/** Refusals for asking too much, after which the connection is ended: nobody who honours `retryAfter` comes near. */
const STRIKES_MAX = 1_000

/** Of what may wait for a socket this much is left to answers: whoever does not read may go on asking for a while. */
const ANSWERS_BYTES = 64 * 1024

/** What a connection needs of a room that it is in. */
export interface JoinedRoom {
  readonly room: RoomId
  readonly kind: AnyKind
  /** How far the room reaches, at the least. */
  readonly reached: Seq
  leave(membership: Membership): void
  signal(from: Connection, type: string, body: Json): void
  gather(type: string, counts: Readonly<Record<string, number>>): void
  catchUp(membership: Membership): Promise<void>
  /** Tells this one now what waits its turn, up to this place. */
  tellThrough(membership: Membership, seq: Seq): void
}

/** One connection in one room. */
export interface Membership {
  readonly connection: Connection
  readonly channel: JoinedRoom
  readonly role: Role
  readonly audience: Audience
  /** How far it was told; what it is sent leads on from here or from earlier. */
  at: Seq
  /** Where a slow socket was left behind; null while it keeps up. */
  behind: Seq | null
  /** Set while what it missed is being fetched. */
  catchingUp: boolean
}

/** One socket with one verified ticket: one person, in one event, in one role. */
export class Connection {
  readonly socket: ClientSocket
  readonly identity: Identity
  readonly memberships = new Map<RoomId, Membership>()
  /** Rooms whose join is on its way; they count as joined. A join whose mark is gone has been left meanwhile. */
  readonly joining = new Map<RoomId, symbol>()
  readonly #commands: TokenBucket
  /** Most people never send one. */
  #signals: { all: TokenBucket; types: Map<string, TokenBucket> } | null = null
  #strikes = 0

  constructor(socket: ClientSocket, identity: Identity, nowMs: number) {
    this.socket = socket
    this.identity = identity
    this.#commands = new TokenBucket(LIMITS.commandsPerSecond, LIMITS.commandsBurst, nowMs)
  }

  /** Joins, leaves and sends: 0 when this one may pass, otherwise the milliseconds until it may. */
  throttle(nowMs: number): number {
    const waitMs = this.#commands.take(nowMs)
    if (waitMs > 0 && ++this.#strikes > STRIKES_MAX) this.socket.end()
    return waitMs
  }

  /** Whether this much more may wait for it. What is larger than all that may wait passes when nothing does. */
  hasRoomFor(bytes: number): boolean {
    const waiting = this.socket.waitingBytes()
    return waiting === 0 || waiting + bytes <= LIMITS.socketConflateBytes - ANSWERS_BYTES
  }

  /** Whether a signal may pass; what may not is dropped. */
  maySignal(type: string, perSecond: number, nowMs: number): boolean {
    const { signalsPerSecond } = LIMITS
    this.#signals ??= { all: new TokenBucket(signalsPerSecond, signalsPerSecond, nowMs), types: new Map() }
    const { all, types } = this.#signals
    if (all.take(nowMs) > 0) return false
    let bucket = types.get(type)
    if (bucket === undefined) {
      bucket = new TokenBucket(perSecond, Math.max(1, perSecond), nowMs)
      types.set(type, bucket)
    }
    return bucket.take(nowMs) === 0
  }
}
