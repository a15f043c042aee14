import { PlenaryError, audienceOf, roleIn } from '@plenary/kinds'
import type {
  AnyKind,
  Audience,
  Cursor,
  Identity,
  Json,
  Role,
  RoomId,
  Seq,
  SignalMessage,
  UserId,
} from '@plenary/kinds'
import type { BusMessage, Subscription } from '../bus/bus.ts'
import { liveTopic } from '../owner/orders.ts'
import type { LiveHeader, Opened } from '../owner/orders.ts'
import { commonPacket, emptyPacket, packetFor } from '../wire/frame.ts'
import { encodeMine, encodePresence, encodeSignal } from '../wire/packets.ts'
import type { Connection, JoinedRoom, Membership } from './connection.ts'
import { Digests } from './digests.ts'
import { Gathering } from './gathering.ts'
import { Members } from './members.ts'
import { MineRequests } from './mine-requests.ts'
import { frameOnce } from './outgoing.ts'
import type { Outgoing } from './outgoing.ts'
import { PresencePace } from './presence-pace.ts'
import { RoomPresence } from './presence.ts'
import { RawJson } from './raw-json.ts'
import type { RingItem } from './ring.ts'
import { Stream } from './stream.ts'
import type { Advance, StreamDeps } from './stream.ts'
import { Turns } from './turns.ts'

const encoder = new TextEncoder()
const AUDIENCES = ['everyone', 'staff'] as const

/**
 * Those who said so few are answered before the others are told. With more of them a room is busy, and to go to each of them on its own would keep
 * its next append waiting.
 */
const FEW_ENTRIES = 16
/** An owner whose time is over may still answer, and be behind what is known: so often is asked again. */
const BEHIND_TRIES_MAX = 5

export interface ChannelDeps extends StreamDeps {
  node: string
  tellAtOnce?: number
  /** A socket that does not keep up, to be looked after. */
  slow(connection: Connection): void
  /** Somebody is no longer in it. */
  left(channel: Channel): void
}

/** One room on this gateway, while there are sockets in it: who they are, their streams, and what is told to whoever is there. */
export class Channel implements JoinedRoom {
  readonly room: RoomId
  readonly kind: AnyKind
  readonly #deps: ChannelDeps
  readonly #opened: Opened
  /** Joins on their way; the channel must not be dropped under them. */
  holds = 0
  readonly #members: Members
  /** Batches on their way to the sockets, each audience's in their order. */
  readonly #batches: Record<Audience, Turns<RingItem, Membership>>
  readonly #streams = new Map<Audience, Promise<Stream>>()
  /** Those of them that are open. */
  readonly #flowing = new Map<Audience, Stream>()
  readonly #presence: RoomPresence
  readonly #mines: MineRequests
  #barred: Set<UserId>
  #reached: Seq
  #live: Subscription | null = null
  readonly #digests: Digests
  /** Gathered signals: said here and not told on yet, and said anywhere and not told here yet. */
  readonly #said = new Gathering()
  readonly #sums = new Gathering()
  #presenceChanged = true
  readonly #presencePace = new PresencePace()
  #closed = false

  private constructor(deps: ChannelDeps, room: RoomId, kind: AnyKind, opened: Opened) {
    this.#deps = deps
    this.room = room
    this.kind = kind
    this.#opened = opened
    this.#members = new Members(deps.runtime, deps.tellAtOnce)
    this.#batches = { everyone: this.#turnsOf('everyone'), staff: this.#turnsOf('staff') }
    this.#barred = new Set(opened.barred)
    this.#reached = opened.head
    this.#presence = new RoomPresence(room)
    this.#mines = new MineRequests(deps.asking, deps.runtime, room)
    this.#digests = new Digests(deps.runtime, kind.digestMs ?? 0, (audience, digest) =>
      this.#members.tellOf(audience, digest),
    )
  }

  static async open(deps: ChannelDeps, room: RoomId, kind: AnyKind, opened: Opened): Promise<Channel> {
    const channel = new Channel(deps, room, kind, opened)
    channel.#live = await deps.bus.subscribe(liveTopic(room), (message) => channel.#hear(message))
    channel.#publish({ live: 'hello', node: deps.node })
    return channel
  }

  get reached(): Seq {
    return this.#reached
  }

  get size(): number {
    return this.#members.size
  }

  get closed(): boolean {
    return this.#closed
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#digests.close()
    this.#publish({ live: 'presence', node: this.#deps.node, report: { total: 0, members: [] } })
    const closing = [...this.#streams.values()].map(async (stream) => (await stream).close())
    await Promise.allSettled([...closing, this.#live?.close()])
  }

  /** The role in which this person may be here. Throws `forbidden` when not at all (R6: before anything is shown). */
  admit(identity: Identity): Role {
    const role = roleIn(this.#opened.access, identity)
    if (role === null) throw new PlenaryError('forbidden', 'You are not in this room.')
    if (this.#barred.has(identity.user) && !this.#isNeverBarred(role))
      throw new PlenaryError('forbidden', 'You have been banned from this room.', { reason: 'banned' })
    return role
  }

  /** As `admit`, and sure to know of everyone barred so far. */
  async admitFresh(identity: Identity): Promise<Role> {
    await this.#stream(audienceOf(this.admit(identity)))
    return this.admit(identity)
  }

  /** Asks how far the room reaches, and for what of it was not told. Throws what the owner says. */
  async verify(): Promise<void> {
    const { head } = await this.#refresh()
    for (const stream of this.#streams.values()) (await stream).reaches(head)
  }

  /** Lets a connection in and answers what its client starts or goes on from; batches follow. */
  async join(connection: Connection, cursor: Cursor | undefined): Promise<{ answer: RawJson; enter: () => void }> {
    const role = this.admit(connection.identity)
    const audience = audienceOf(role)
    const stream = this.#flowing.get(audience) ?? (await this.#stream(audience))
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
    if (!this.#members.remove(membership)) return
    membership.connection.memberships.delete(this.room)
    const { user, readOnly } = membership.connection.identity
    if (readOnly !== true && this.#presence.leave(user)) this.#presenceChanged = true
    this.#deps.left(this)
  }

  /** Told to all who are here now, on every gateway, but for the one who says it. */
  signal(from: Connection, type: string, body: Json): void {
    const { user: id, name } = from.identity
    const message: SignalMessage = { room: this.room, by: { id, name }, type, body }
    this.#publish({ live: 'signal', from: from.socket.id }, encodeSignal(message))
  }

  /** Counts what is said, to be told with what others say. */
  gather(type: string, counts: Readonly<Record<string, number>>): void {
    this.#said.add(type, counts)
  }

  /** Tells the other gateways what was said here, and the sockets what was said anywhere; called every so often. */
  tendGathered(): void {
    for (const [type, sums] of this.#said.take()) this.#publish({ live: 'gathered', type, sums })
    for (const [type, sums] of this.#sums.take())
      this.#members.tell(frameOnce(encodeSignal({ room: this.room, by: null, type, body: sums })))
  }

  /** Tells who has come and gone; called every so often. `heartbeat` repeats it for gateways that missed it. */
  tendPresence(heartbeat: boolean): void {
    if (this.#presenceChanged || heartbeat) {
      this.#presenceChanged = false
      this.#publish({ live: 'presence', node: this.#deps.node, report: this.#presence.report() })
    }
    const now = this.#deps.runtime.monotonic()
    if (!this.#presencePace.due(this.size, now)) return
    const changes = this.#presence.changes(now)
    if (changes === null) return
    this.#presencePace.told(this.size, now)
    this.#members.tellInTurns(frameOnce(encodePresence(changes)))
  }

  /** Tells sockets how far their streams are, where they have heard nothing of what only others may see; called every so often. */
  advance(): void {
    for (const [audience, opening] of this.#streams) {
      // One that cannot be opened is opened anew by whoever needs it.
      opening.then(
        (stream) => {
          // Those who are still to be told of entries must not be led past them.
          if (!this.#batches[audience].busy) this.#advance(audience, stream.advance())
        },
        () => undefined,
      )
    }
  }

  tellThrough(membership: Membership, seq: Seq): void {
    let told = 0
    for (const item of this.#batches[membership.audience].waiting) {
      if (membership.at >= seq) break
      if (this.#deliverTo(membership, item)) told++
    }
    if (told > 0) this.#deps.metrics.count('deliveries_total', told)
  }

  /** Brings a socket that was left behind up to date: with what it missed, or with the present view. */
  async catchUp(membership: Membership): Promise<void> {
    const { connection, audience, behind } = membership
    if (behind === null || membership.catchingUp) return
    membership.catchingUp = true
    try {
      const stream = await this.#stream(audience)
      const missed = await stream.missedBy(connection.identity.user, behind)
      const view = missed === null ? await this.#viewFor(stream, connection.identity.user) : null
      // It may have left, or lost its right to the room, while the answers were on their way (R6).
      if (!this.#members.has(membership)) return
      const through = view?.seq ?? missed?.through ?? behind
      if (view !== null) {
        const body = `{"room":${JSON.stringify(this.room)},"cursor":${this.#cursor(through)},${view.body}}`
        connection.socket.write(frameOnce(encoder.encode(`2["view",${body}]`)))
      } else if (missed !== null && through > behind) {
        const body = `{"room":${JSON.stringify(this.room)},"after":${behind},"through":${through},"entries":[${missed.entries}]}`
        connection.socket.write(frameOnce(encoder.encode(`2["batch",${body}]`)))
      }
      this.#deps.metrics.count('conflated_total', 1, { how: missed === null ? 'view' : 'entries' })
      this.#goOn(membership, stream, through)
    } finally {
      membership.catchingUp = false
    }
  }

  /** The view and the user's own part of it, as members of an answer. */
  async #viewFor(stream: Stream, user: UserId): Promise<{ seq: number; body: string }> {
    const asking = this.kind.mine === undefined ? null : this.#mines.get(user)
    const kept = stream.keptView()
    const [view, first] = kept === null ? await Promise.all([stream.view(), asking]) : [kept, await asking]
    let mine = first
    // Two questions may be answered out of order. What lies between an earlier own part and the view nobody would send: the view has it.
    for (let tries = 1; mine !== null && mine.seq < view.seq; tries++) {
      if (tries > BEHIND_TRIES_MAX) throw changingHands()
      mine = await this.#mines.get(user)
    }
    const own = mine === null ? '' : `,"mine":${JSON.stringify(mine.mine)},"mineSeq":${mine.seq}`
    return { seq: view.seq, body: `"view":${view.text}${own}` }
  }

  /** In one step, so that no batch falls between the answer and the membership. */
  #enter(connection: Connection, role: Role, stream: Stream, from: number): void {
    const { user, name, readOnly } = connection.identity
    const audience = audienceOf(role)
    const membership: Membership = {
      connection,
      channel: this,
      role,
      audience,
      at: from,
      behind: null,
      catchingUp: false,
    }
    connection.memberships.set(this.room, membership)
    this.#members.add(membership)
    const member = readOnly === true ? null : { id: user, name, role }
    if (member !== null && this.#presence.enter(member)) this.#presenceChanged = true
    this.#goOn(membership, stream, from)
    connection.socket.write(frameOnce(...this.#presence.packetFor(member)))
    const digest = this.#digests.newest(audience)
    if (digest !== undefined) connection.socket.write(digest)
  }

  /** From here on it gets every batch as it comes, or is looked after as a slow one. */
  #goOn(membership: Membership, stream: Stream, from: number): void {
    const rest = stream.since(from)
    membership.at = from
    membership.behind = rest === null ? from : null
    if (rest === null) this.#deps.slow(membership.connection)
    for (const item of rest ?? []) this.#deliverTo(membership, item)
  }

  #stream(audience: Audience): Promise<Stream> {
    let stream = this.#streams.get(audience)
    if (stream === undefined) {
      // Bars that came while nothing was subscribed are only known by asking, once it is.
      const currentHead = async () => (await this.#refresh()).head
      stream = Stream.open(this.#deps, this.room, audience, currentHead, {
        batch: (item) => this.#deliver(audience, item),
        lost: () => this.#leaveBehind(audience),
        ahead: (through) => this.#refreshTo(through),
      })
      this.#streams.set(audience, stream)
      stream.then(
        (flowing) => this.#flowing.set(audience, flowing),
        () => this.#streams.delete(audience),
      )
    }
    return stream
  }

  #turnsOf(audience: Audience): Turns<RingItem, Membership> {
    const members = this.#members
    return new Turns(this.#deps.runtime, {
      receivers: ({ outgoing, only }) =>
        outgoing === null ? members.ofUsers(audience, only ?? []) : members.of(audience),
      tell: (membership, item) => this.#deliverTo(membership, item),
      told: (count) => this.#deps.metrics.count('deliveries_total', count),
      atOnce: this.#deps.tellAtOnce,
    })
  }

  #deliver(audience: Audience, item: RingItem): void {
    const { barred, through } = item.frame.header
    this.#reached = Math.max(this.#reached, through)
    if (barred !== undefined) for (const each of barred) this.#bar(each.user, each.barred)
    this.#batches[audience].add(item, through - item.frame.header.after > FEW_ENTRIES)
  }

  /** Answers whether something was written. */
  #deliverTo(membership: Membership, { frame, outgoing, after, only }: RingItem): boolean {
    const { through } = frame.header
    // Whoever came in or caught up while it went out to the others has it already.
    if (membership.behind !== null || through <= membership.at) return false
    const { user } = membership.connection.identity
    const from = Math.min(after, membership.at)
    if (only?.has(user) === true) return this.#write(membership, frameOnce(packetFor(frame, user, from)), through)
    if (outgoing === null) return false
    return this.#write(membership, from === after ? outgoing : frameOnce(commonPacket(frame, from)), through)
  }

  #advance(audience: Audience, advance: Advance | null): void {
    if (advance === null) return
    const { after, through, outgoing } = advance
    for (const membership of this.#members.of(audience)) {
      const { at, behind } = membership
      if (behind !== null || at >= through) continue
      this.#write(membership, at >= after ? outgoing : frameOnce(emptyPacket(this.room, at, through)), through)
    }
  }

  /** What leads on from where this one was told to, or from earlier; answers whether there was room for it. */
  #write(membership: Membership, packet: Outgoing, through: Seq): boolean {
    const { connection } = membership
    if (!connection.hasRoomFor(packet.bytes)) {
      membership.behind = membership.at
      this.#deps.slow(connection)
      return false
    }
    connection.socket.write(packet)
    membership.at = through
    return true
  }

  #leaveBehind(audience: Audience): void {
    for (const membership of this.#members.of(audience)) {
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
    for (const membership of this.#members.ofUser(user)) {
      if (this.#isNeverBarred(membership.role)) continue
      const { connection } = membership
      this.leave(membership)
      connection.socket.emit('revoked', { room: this.room, code: 'banned' })
    }
  }

  #isNeverBarred(role: Role): boolean {
    return this.kind.neverBarred?.includes(role) ?? false
  }

  /** Asks the owner who is barred by now, and how far the room reaches. */
  async #refresh(): Promise<Opened> {
    const opened = await this.#deps.asking.open(this.room)
    this.#reached = Math.max(this.#reached, opened.head)
    const now = new Set(opened.barred)
    for (const user of this.#barred.difference(now)) this.#bar(user, false)
    for (const user of now.difference(this.#barred)) this.#bar(user, true)
    return opened
  }

  /** Knows of everyone who was barred up to there. */
  async #refreshTo(through: Seq): Promise<void> {
    for (let tries = 1; (await this.#refresh()).head < through; tries++) {
      if (tries > BEHIND_TRIES_MAX) throw changingHands()
    }
  }

  #hear(message: BusMessage): void {
    const header = message.header as LiveHeader
    const nowMs = this.#deps.runtime.monotonic()
    if (header.live === 'hello') {
      if (header.node !== this.#deps.node) this.#presenceChanged = true
    } else if (header.live === 'presence') {
      if (header.node !== this.#deps.node) this.#presence.hear(header.node, header.report, nowMs)
    } else if (header.live === 'gathered') {
      this.#sums.add(header.type, header.sums)
    } else if (header.live === 'mine') {
      void this.#tellMine(header.user)
    } else if (message.payload !== undefined) {
      const outgoing = frameOnce(message.payload)
      if (header.live === 'signal') return this.#members.tell(outgoing, header.from)
      for (const audience of header.audience === undefined ? AUDIENCES : [header.audience])
        this.#digests.hear(audience, outgoing)
    }
  }

  /** What no entry tells of somebody's own part, to all of their sockets here. */
  async #tellMine(user: UserId): Promise<void> {
    if (this.#members.ofUser(user).length === 0) return
    try {
      for (const membership of this.#members.ofUser(user)) {
        const stream = await this.#stream(membership.audience)
        let own = await this.#mines.get(user)
        // What was told since then the client has folded in already; an earlier part would take it back.
        for (let tries = 1; own.seq < stream.head && tries <= BEHIND_TRIES_MAX; tries++)
          own = await this.#mines.get(user)
        if (own.seq < stream.head) throw new Error('The room moves on faster than an own part can be told.')
        const outgoing = frameOnce(encodeMine({ room: this.room, mine: own.mine, mineSeq: own.seq }))
        const { connection } = membership
        if (this.#members.ofUser(user).includes(membership) && connection.hasRoomFor(outgoing.bytes))
          connection.socket.write(outgoing)
      }
    } catch (error) {
      this.#deps.logger.warn({ err: error, room: this.room }, 'somebody was not told their own part')
    }
  }

  #publish(header: LiveHeader, payload?: Uint8Array): void {
    this.#deps.bus.publish(liveTopic(this.room), payload === undefined ? { header } : { header, payload })
  }

  #cursor(seq: number): string {
    return JSON.stringify({ log: this.#opened.log, seq } satisfies Cursor)
  }
}

const changingHands = () =>
  new PlenaryError('unavailable', 'The room is changing hands; ask once more.', { retryAfter: 250 })
