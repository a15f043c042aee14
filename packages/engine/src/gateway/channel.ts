import { LIMITS, PlenaryError, audienceOf, roleIn } from '@plenary/kinds'
import type { AnyKind, Audience, Cursor, Identity, Json, Role, RoomId, SignalMessage, UserId } from '@plenary/kinds'
import type { BusMessage, Subscription } from '../bus/bus.ts'
import { liveTopic } from '../owner/orders.ts'
import type { LiveHeader, Opened } from '../owner/orders.ts'
import { packetFor } from '../wire/frame.ts'
import { encodePresence, encodeSignal } from '../wire/packets.ts'
import type { Connection, Membership } from './connection.ts'
import { MineRequests } from './mine-requests.ts'
import { frameOnce } from './outlet.ts'
import type { Outgoing } from './outlet.ts'
import { RoomPresence } from './presence.ts'
import { RawJson } from './raw-json.ts'
import type { RingItem } from './ring.ts'
import { Stream } from './stream.ts'
import type { StreamDeps } from './stream.ts'

export interface ChannelDeps extends StreamDeps {
  node: string
  /** A socket that does not keep up, to be looked after. */
  slow(connection: Connection): void
}

/** One room on this gateway, while there are sockets in it: who they are, their streams, and what is told to whoever is there. */
export class Channel {
  readonly room: RoomId
  readonly kind: AnyKind
  readonly #deps: ChannelDeps
  readonly #opened: Opened
  readonly #members: Record<Audience, Set<Membership>> = { everyone: new Set(), staff: new Set() }
  readonly #streams = new Map<Audience, Promise<Stream>>()
  readonly #presence: RoomPresence
  readonly #mines: MineRequests
  #barred: Set<UserId>
  #live: Subscription | null = null
  #digest: Outgoing | null = null
  #presenceChanged = true

  private constructor(deps: ChannelDeps, room: RoomId, kind: AnyKind, opened: Opened) {
    this.#deps = deps
    this.room = room
    this.kind = kind
    this.#opened = opened
    this.#barred = new Set(opened.barred)
    this.#presence = new RoomPresence(room)
    this.#mines = new MineRequests(deps.asking, deps.runtime, room)
  }

  static async open(deps: ChannelDeps, room: RoomId, kind: AnyKind, opened: Opened): Promise<Channel> {
    const channel = new Channel(deps, room, kind, opened)
    channel.#live = await deps.bus.subscribe(liveTopic(room), (message) => channel.#hear(message))
    channel.#publish({ live: 'hello', node: deps.node })
    return channel
  }

  get size(): number {
    return this.#members.everyone.size + this.#members.staff.size
  }

  async close(): Promise<void> {
    const closing = [...this.#streams.values()].map(async (stream) => (await stream).close())
    await Promise.allSettled([...closing, this.#live?.close()])
  }

  /** The role in which this person may be here. Throws `forbidden` when not at all (R6: before anything is shown). */
  admit(identity: Identity): Role {
    const role = roleIn(this.#opened.access, identity)
    if (role === null) throw new PlenaryError('forbidden', 'You are not in this room.')
    if (this.#barred.has(identity.user)) throw new PlenaryError('forbidden', 'You have been banned from this room.', { reason: 'banned' })
    return role
  }

  /** Lets a connection in and answers what its client starts or goes on from; batches follow. */
  async join(connection: Connection, cursor: Cursor | undefined): Promise<{ answer: RawJson; enter: () => void }> {
    const role = this.admit(connection.identity)
    const audience = audienceOf(role)
    const stream = await this.#stream(audience)
    const { user } = connection.identity
    const ours = cursor !== undefined && cursor.log === this.#opened.log
    const missed = ours ? await stream.missedBy(user, cursor.seq) : null
    const base = `"ok":true,"kind":${JSON.stringify(this.kind.name)},"role":"${role}"`
    if (missed !== null) {
      const answer = new RawJson(`{${base},"cursor":${this.#cursor(missed.through)},"entries":[${missed.entries}]}`)
      this.#deps.metrics.count('joins_total', 1, { how: 'resume' })
      return { answer, enter: () => this.#enter(connection, role, stream, missed.through) }
    }
    const { seq, body } = await this.#viewFor(stream, user)
    const reset = cursor === undefined ? '' : ',"reset":true'
    this.#deps.metrics.count('joins_total', 1, { how: cursor === undefined ? 'view' : 'reset' })
    const answer = new RawJson(`{${base},"cursor":${this.#cursor(seq)}${reset},${body}}`)
    return { answer, enter: () => this.#enter(connection, role, stream, seq) }
  }

  leave(membership: Membership): void {
    if (!this.#members[membership.audience].delete(membership)) return
    membership.connection.memberships.delete(this.room)
    if (this.#presence.leave(membership.connection.identity.user)) this.#presenceChanged = true
  }

  /** Told to all who are here now, on every gateway, but for the one who says it. */
  signal(from: Connection, type: string, body: Json): void {
    const { user: id, name } = from.identity
    const message: SignalMessage = { room: this.room, by: { id, name }, type, body }
    this.#publish({ live: 'signal', from: from.socket.id }, encodeSignal(message))
  }

  /** Tells who has come and gone; called every so often. `heartbeat` repeats it for gateways that missed it. */
  tendPresence(heartbeat: boolean): void {
    if (this.#presenceChanged || heartbeat) {
      this.#presenceChanged = false
      this.#publish({ live: 'presence', node: this.#deps.node, report: this.#presence.report() })
    }
    const changes = this.#presence.changes(this.#deps.runtime.monotonic())
    if (changes !== null) this.#toAll(frameOnce(encodePresence(changes)), null)
  }

  /** Brings a socket that was left behind up to date: with what it missed, or with the present view. */
  async catchUp(membership: Membership): Promise<void> {
    const { connection, audience } = membership
    const behind = membership.behind
    const stream = await this.#stream(audience)
    if (behind === null || !this.#members[audience].has(membership)) return
    const missed = await stream.missedBy(connection.identity.user, behind)
    let through: number
    if (missed !== null) {
      through = missed.through
      const body = `{"room":${JSON.stringify(this.room)},"after":${behind},"through":${through},"entries":[${missed.entries}]}`
      if (through > behind) connection.outlet.write(frameOnce(new TextEncoder().encode(`2["batch",${body}]`)))
    } else {
      const view = await this.#viewFor(stream, connection.identity.user)
      through = view.seq
      const body = `{"room":${JSON.stringify(this.room)},"cursor":${this.#cursor(through)},${view.body}}`
      connection.outlet.write(frameOnce(new TextEncoder().encode(`2["view",${body}]`)))
    }
    this.#deps.metrics.count('conflated_total', 1, { how: missed === null ? 'view' : 'entries' })
    const rest = stream.since(through)
    membership.behind = rest === null ? through : null
    for (const item of rest ?? []) this.#write(membership, item)
  }

  /** The view and the user's own part of it, as members of an answer. */
  async #viewFor(stream: Stream, user: UserId): Promise<{ seq: number; body: string }> {
    const [view, mine] = await Promise.all([stream.view(), this.kind.mine === undefined ? null : this.#mines.get(user)])
    const own = mine === null ? '' : `,"mine":${JSON.stringify(mine.mine)},"mineSeq":${mine.seq}`
    return { seq: view.seq, body: `"view":${view.text}${own}` }
  }

  /** In one step, so that no batch falls between the answer and the membership. */
  #enter(connection: Connection, role: Role, stream: Stream, from: number): void {
    const { user, name } = connection.identity
    const audience = audienceOf(role)
    const rest = stream.since(from)
    const membership: Membership = { connection, channel: this, role, audience, behind: rest === null ? from : null }
    connection.memberships.set(this.room, membership)
    this.#members[audience].add(membership)
    if (this.#presence.enter({ id: user, name, role })) this.#presenceChanged = true
    for (const item of rest ?? []) this.#write(membership, item)
    if (rest === null) this.#deps.slow(connection)
    connection.outlet.write(frameOnce(encodePresence(this.#presence.full())))
    if (this.#digest !== null) connection.outlet.write(this.#digest)
  }

  #stream(audience: Audience): Promise<Stream> {
    let stream = this.#streams.get(audience)
    if (stream === undefined) {
      stream = Stream.open(this.#deps, this.room, audience, this.#opened.head, {
        batch: (item) => this.#deliver(audience, item),
        lost: () => this.#leaveBehind(audience),
        repaired: () => void this.#refreshBarred(),
      })
      this.#streams.set(audience, stream)
      stream.catch(() => this.#streams.delete(audience))
    }
    return stream
  }

  #deliver(audience: Audience, item: RingItem): void {
    const { barred } = item.frame.header
    if (barred !== undefined) for (const each of barred) this.#bar(each.user, each.barred)
    const members = this.#members[audience]
    for (const membership of members) {
      if (membership.behind !== null) continue
      const waiting = membership.connection.outlet.waitingBytes()
      if (waiting > LIMITS.socketConflateBytes) this.#behind(membership, item.frame.header.after, waiting)
      else this.#write(membership, item)
    }
    this.#deps.metrics.count('deliveries_total', members.size)
  }

  #write(membership: Membership, item: RingItem): void {
    const { connection } = membership
    const { only } = item.frame.header
    const own = only !== undefined && only.some((each) => each.user === connection.identity.user)
    connection.outlet.write(own ? frameOnce(packetFor(item.frame, connection.identity.user)) : item.outgoing)
  }

  #behind(membership: Membership, from: number, waitingBytes: number): void {
    if (waitingBytes > LIMITS.socketCloseBytes) {
      this.#deps.metrics.count('slow_closed_total')
      membership.connection.cut()
      return
    }
    membership.behind = from
    this.#deps.slow(membership.connection)
  }

  #leaveBehind(audience: Audience): void {
    for (const membership of this.#members[audience]) {
      // From before everything: only the view can tell.
      membership.behind ??= 0
      this.#deps.slow(membership.connection)
    }
  }

  #bar(user: UserId, barred: boolean): void {
    if (!barred) {
      this.#barred.delete(user)
      return
    }
    this.#barred.add(user)
    for (const membership of [...this.#members.everyone, ...this.#members.staff]) {
      const { connection } = membership
      if (connection.identity.user !== user) continue
      this.leave(membership)
      connection.socket.emit('revoked', { room: this.room, code: 'banned' })
    }
  }

  async #refreshBarred(): Promise<void> {
    try {
      const { barred } = await this.#deps.asking.open(this.room)
      const now = new Set(barred)
      for (const user of this.#barred.difference(now)) this.#bar(user, false)
      for (const user of now.difference(this.#barred)) this.#bar(user, true)
    } catch (error) {
      this.#deps.logger.warn({ err: error, room: this.room }, 'who is barred could not be asked')
    }
  }

  #hear(message: BusMessage): void {
    const header = message.header as LiveHeader
    const nowMs = this.#deps.runtime.monotonic()
    if (header.live === 'hello') {
      if (header.node !== this.#deps.node) this.#presenceChanged = true
    } else if (header.live === 'presence') {
      if (header.node !== this.#deps.node) this.#presence.hear(header.node, header.report, nowMs)
    } else if (message.payload !== undefined) {
      const outgoing = frameOnce(message.payload)
      if (header.live === 'digest') this.#digest = outgoing
      this.#toAll(outgoing, header.live === 'signal' ? header.from : null)
    }
  }

  /** To every socket that keeps up; what is not stored is not made up for. */
  #toAll(outgoing: Outgoing, except: string | null): void {
    for (const members of Object.values(this.#members)) {
      for (const { connection, behind } of members) {
        if (behind !== null || connection.socket.id === except) continue
        if (connection.outlet.waitingBytes() <= LIMITS.socketConflateBytes) connection.outlet.write(outgoing)
      }
    }
  }

  #publish(header: LiveHeader, payload?: Uint8Array): void {
    this.#deps.bus.publish(liveTopic(this.room), payload === undefined ? { header } : { header, payload })
  }

  #cursor(seq: number): string {
    return JSON.stringify({ log: this.#opened.log, seq } satisfies Cursor)
  }
}
