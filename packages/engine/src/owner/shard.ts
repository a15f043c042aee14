import { LIMITS, PlenaryError } from '@plenary/kinds'
import type { AnyKind, Audience, CommandId, Json, Role, RoomId, Seq, UserId } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'
import type { RoomAppend, ShardLog, Snapshot, StoredEntry } from '../log/log.ts'
import type { Metrics } from '../metrics.ts'
import type { Holding } from '../placement/placement.ts'
import { encodeFrame } from '../wire/frame.ts'
import { within } from '../runtime/within.ts'
import { Asker } from './asker.ts'
import type { Answered, Crowd } from './asker.ts'
import { CostMeter } from './cost.ts'
import { Deadlines } from './deadlines.ts'
import { OutputGate } from './gate.ts'
import type { Group } from './gate.ts'
import { loadRoom } from './loader.ts'
import type { LoaderDeps } from './loader.ts'
import type { CommandOrder, Filled, Mines, Opened, Viewed } from './orders.ts'
import { Quarantine } from './quarantine.ts'
import { Misfolded, Undecided } from './room.ts'
import type { Asked, Room } from './room.ts'
import { Teller, visibleTo } from './teller.ts'

export interface ShardDeps extends LoaderDeps {
  bus: Bus
  logger: Logger
  metrics: Metrics
  /** Told of what became durable, on the node that owns the room; perhaps not at all when that ends at once. Does not throw. */
  told?(room: RoomId, kind: AnyKind, entries: readonly StoredEntry[]): void
}

/** A room with no order for so long is put away. */
const IDLE_MS = 60_000
/** Rooms in memory per shard past which the least used are put away early. */
const ROOMS_MAX = 2_000
/** Heads of rooms that had orders within this time are repeated. */
const HEADS_REPEAT_MS = 10_000
/** Those of all other rooms in memory every so many rounds: a gateway may have been cut off for longer than that. */
const HEADS_OF_ALL_ROUNDS = 5
/** After a deadline that could not be kept, so long until the next try. */
const DEADLINE_RETRY_MS = 5_000

/**
 * The single writer of one shard's rooms, for one epoch. After a failed append the epoch is over: all that was decided and
 * not durable is dropped, and whoever waited gets a temporary error; there is no other way to go on.
 */
export class Shard {
  readonly holding: Holding
  readonly #deps: ShardDeps
  readonly #log: ShardLog
  readonly #gate: OutputGate
  readonly #teller: Teller
  readonly #deadlines: Deadlines
  readonly #rooms = new Map<RoomId, Room>()
  readonly #opening = new Map<RoomId, Promise<Room>>()
  readonly #leaving = new Map<RoomId, Promise<void>>()
  /** Keys that are being destroyed. */
  readonly #forgetting = new Map<Room, Promise<void>>()
  readonly #onOver: (error: Error) => void
  readonly #cost: CostMeter
  readonly #quarantine: Quarantine
  readonly #crowd: Crowd = { waiting: 0 }
  /** Times that it was tended. */
  #rounds = 0
  /** Nobody is kept waiting: an append has been out for too long. */
  #slow = false
  /** Why no more is taken; null while the shard works. */
  #over: PlenaryError | null = null

  constructor(deps: ShardDeps, holding: Holding, log: ShardLog, onOver: (error: Error) => void) {
    this.#deps = deps
    this.holding = holding
    this.#log = log
    this.#onOver = onOver
    this.#cost = new CostMeter(deps.runtime)
    this.#quarantine = new Quarantine(deps.runtime)
    this.#deadlines = new Deadlines(deps.runtime, (room) => void this.#timeout(room))
    this.#gate = new OutputGate({
      defer: (run) => deps.runtime.defer(run),
      append: (batch, entries) => this.#append(batch, entries),
      released: (group) => this.#released(group),
      failed: (error) => this.#fail(error),
    })
    this.#teller = new Teller(deps, this.#gate)
  }

  /** Whether this epoch has ended. */
  get over(): boolean {
    return this.#over !== null
  }

  get rooms(): number {
    return this.#rooms.size
  }

  /** Points a second. */
  get cost(): number {
    return this.#cost.read()
  }

  /** Sets the timers of rooms that have a deadline, also those that nobody has opened since. */
  async start(): Promise<void> {
    for (const { room, at } of await this.#log.deadlines()) {
      // One that is asked for already knows better.
      const active = this.#rooms.get(room)
      this.#deadlines.set(room, active === undefined ? at : active.deadline())
    }
  }

  /** Carries a command out; resolves once its entries are durable. */
  command(order: CommandOrder): Promise<Answered> {
    if (this.#crowd.waiting >= LIMITS.commandsWaitingPerShard) return Promise.reject(busy())
    const asker = new Asker(this.#crowd)
    const room = this.#rooms.get(order.room)
    if (room === undefined) void this.#openFirst(order, asker)
    else this.#hear(room, order, asker)
    return asker.answer
  }

  async open(id: RoomId): Promise<Opened> {
    const room = await this.#openInTime(id)
    return this.#gated(room, () => {
      const { kind, access } = room.spec
      // Its gateway has people from now on, and has heard none yet.
      this.#teller.digestSoon(room)
      return { kind, access, log: this.#deps.log.id, head: room.head, barred: room.barred }
    })
  }

  /** The view as of the head, once that is durable. */
  async view(id: RoomId, audience: Audience): Promise<Viewed & { view: string }> {
    const room = await this.#openInTime(id)
    return this.#gated(room, () => ({ seq: room.head, view: room.view(audience) }))
  }

  async mine(id: RoomId, users: readonly UserId[]): Promise<Mines> {
    const room = await this.#openInTime(id)
    return this.#gated(room, () => {
      // Without a prototype it is a dictionary from the start; otherwise each user's name would make a shape of its own.
      const mine = Object.create(null) as Record<UserId, Json>
      for (const user of users) mine[user] = room.mine(user)
      return { seq: room.head, mine }
    })
  }

  async mayPutFiles(id: RoomId, who: { id: UserId; role: Role }): Promise<boolean> {
    const room = await this.#openInTime(id)
    return this.#gated(room, () => room.mayPutFiles(who))
  }

  /** What an audience may see of `(after, durable head]`; null when that is too long to fill. */
  async fill(id: RoomId, audience: Audience, after: number): Promise<{ header: Filled; packet: Uint8Array }> {
    const room = await this.#openInTime(id)
    const through = room.durable
    const limit = LIMITS.resumeEntries + 1
    const entries =
      room.recent.since(after, through) ??
      (await this.#inTime(this.#deps.log.read(id, { after, through, limit, reader: 'all' })))
    const chars = entries.reduce((sum, entry) => sum + entry.json.length, 0)
    if (after > through || entries.length > LIMITS.resumeEntries || chars > LIMITS.ringBytes) {
      return { header: null, packet: new Uint8Array() }
    }
    return encodeFrame({ room: id, audience, after, through, entries: visibleTo(audience, entries) })
  }

  /** Repeats heads, looks at the clock and puts idle rooms away; called every so often. */
  async tend(): Promise<void> {
    this.#deadlines.tend()
    this.#quarantine.tend()
    const now = this.#deps.runtime.monotonic()
    const rooms = [...this.#rooms.values()]
    const all = ++this.#rounds % HEADS_OF_ALL_ROUNDS === 0
    for (const room of rooms) this.#forgetKeys(room)
    for (const room of rooms) if (all || now - room.usedAt < HEADS_REPEAT_MS) this.#teller.repeatHeads(room)
    const leaving = new Set(rooms.filter((room) => now - room.usedAt > IDLE_MS))
    const excess = rooms.length - leaving.size - ROOMS_MAX
    if (excess > 0) for (const room of rooms.toSorted((a, b) => a.usedAt - b.usedAt).slice(0, excess)) leaving.add(room)
    for (const room of leaving) await this.#passivate(room)
  }

  /** Takes no more, makes durable what was taken, and keeps what saves the next owner time. */
  async stop(): Promise<void> {
    const moved = new PlenaryError('moved', 'The room is moving to another server.', { retryAfter: 200 })
    this.#over ??= moved
    this.#deadlines.close()
    await this.#gate.settled()
    this.#gate.close(moved)
    await Promise.all([...this.#rooms.values()].map((room) => this.#keep(room)))
    await Promise.all(this.#forgetting.values())
    this.#rooms.clear()
  }

  /** Drops everything at once: this epoch is over, and the log knows what is true. */
  abandon(error: PlenaryError): void {
    this.#over ??= error
    this.#deadlines.close()
    this.#gate.close(error)
    this.#rooms.clear()
  }

  async #openFirst(order: CommandOrder, asker: Asker): Promise<void> {
    const readBy = this.#readBy()
    try {
      this.#hear(await this.#openInTime(order.room, readBy), order, asker, readBy)
    } catch (error) {
      asker.fail(error)
    }
  }

  /** As a rule nothing is in between the asker and the gate; an order that must ask the log first keeps its place in its room's line. */
  #hear(room: Room, order: CommandOrder, asker: Asker, readBy?: number): void {
    try {
      if (room.waiting >= LIMITS.commandsWaitingPerRoom) throw busy()
      asker.enter(room)
      const since = order.again ? 0 : (order.since ?? Infinity)
      if (room.turn === null && room.remembers && room.opens(order) === null) {
        const asked = this.#asked(room, order)
        if (!isForgotten(room, asked.id, since)) return this.#take(room, asked, order.by.id, asker)
      }
      void this.#readFirst(room, order, since, asker, readBy)
    } catch (error) {
      asker.fail(error)
    }
  }

  async #readFirst(room: Room, order: CommandOrder, since: Seq, asker: Asker, readBy?: number): Promise<void> {
    const ahead = room.turn
    const taking = (async () => {
      await ahead
      // Whoever only looks on need not wait for these.
      if (!room.remembers) room.remember(await this.#log.ids(room.id, LIMITS.dedupePerRoom))
      const opens = room.opens(order)
      if (opens !== null) await this.#makeKey(room, opens)
      const asked = this.#asked(room, order)
      const found = await this.#find(room, asked.id, since)
      // Within the turn: whoever is next may push this one's id out of the window.
      if (found === null) this.#take(room, asked, order.by.id, asker)
      else asker.hears({ seq: found }).release()
    })()
    const turn = taking.catch(() => undefined)
    room.turn = turn
    void turn.then(() => {
      if (room.turn === turn) room.turn = null
    })
    try {
      await this.#inTime(taking, readBy, unknownYet)
    } catch (error) {
      asker.fail(error)
    }
  }

  /** As it is to be decided. Throws `refused` when it would have to be kept secret and the key for that is lost. */
  #asked(room: Room, order: CommandOrder): Asked {
    const asked = room.asked(order)
    if (asked !== null) return asked
    throw new PlenaryError('refused', 'Its key was lost, so nothing more can be taken here in secret.', {
      reason: 'secret_key_lost',
    })
  }

  /** Before the scope is open, so that no command in it is ever without one. */
  async #makeKey(room: Room, scope: string): Promise<void> {
    const { keys } = this.#deps
    if (keys === undefined) {
      throw new PlenaryError('refused', 'This server keeps no keys, so it can hold nothing in secret.', {
        reason: 'no_secret_keys',
      })
    }
    const key = await keys.make(room.id, scope)
    room.keys = new Map([...room.keys, [scope, key]])
  }

  /** Destroys the keys of scopes that are closed, once that is durable. */
  #forgetKeys(room: Room): void {
    const spent = room.spentScopes()
    const { keys, logger } = this.#deps
    if (spent.length === 0 || keys === undefined || this.#forgetting.has(room)) return
    const destroy = async () => {
      try {
        await keys.destroy(room.id, spent)
        room.keys = new Map([...room.keys].filter(([scope]) => !spent.includes(scope)))
      } catch (error) {
        logger.error({ err: error, room: room.id }, 'the key of a secret scope is not destroyed yet')
      }
      this.#forgetting.delete(room)
    }
    this.#forgetting.set(room, destroy())
  }

  /** Where the log has a command that may have been forgotten; null when it is new, or remembered. */
  async #find(room: Room, id: CommandId, since: Seq): Promise<Seq | null> {
    // The log tells of what is durable when it is asked; what is forgotten of the rest meanwhile must be asked for anew.
    for (let from = since; isForgotten(room, id, from);) {
      from = room.durable
      const found = await this.#log.find(room.id, id)
      if (found !== null) return found
    }
    return null
  }

  /** Throws what the asker is to be told at once; the rest they hear from the gate. */
  #take(room: Room, order: Asked, by: UserId, asker: Asker): void {
    const now = this.#assertHeld()
    // It was set aside while this one waited for its turn.
    if (room.isSetAside)
      throw new PlenaryError('moved', 'The room is being read again; ask once more.', { retryAfter: 50 })
    room.usedAt = now
    const known = room.dedupe.get(order.id)
    if (known !== undefined) return this.#repeat(room, asker.hears(known))
    if (this.#slow) throw away()
    const taken = this.#decide(room, order, now)
    if ('refused' in taken) {
      const { refused: reason, message, retryAfter } = taken
      const told = { reason, ...(retryAfter === undefined ? {} : { retryAfter }) }
      return this.#repeat(room, asker.hears(new PlenaryError('refused', message, told)))
    }
    this.#gate.add(room, taken.entries)
    if (order.secret === true && taken.entries.length > 0) this.#teller.tellMine(room, by)
    this.#gate.hold(room, asker.hears(taken.done))
  }

  /** Something that is told of the room as it is, with nothing new in it. */
  #repeat(room: Room, asker: Asker): void {
    if (this.#slow && room.unreleased > 0) throw unknownYet()
    this.#gate.hold(room, asker)
  }

  #decide(room: Room, order: Asked, began: number): ReturnType<Room['take']> {
    try {
      return room.take(order, this.#deps.runtime.now())
    } catch (error) {
      if (error instanceof Undecided) {
        this.#deps.logger.error({ err: error.cause, room: room.id, type: order.type }, 'a kind could not decide')
        return { refused: 'kind_failed', message: 'The room could not carry this out.' }
      }
      this.#setAside(room, error, order.type)
      throw new PlenaryError('refused', 'The room could not carry this out.', { reason: 'kind_failed', cause: error })
    } finally {
      this.#cost.since(began)
    }
  }

  /** The room is read anew, once all that was taken of it before is in the log; the command that broke it is not. */
  #setAside(room: Room, error: unknown, type: string): void {
    room.isSetAside = true
    this.#rooms.delete(room.id)
    this.#noteMisfolded(room.id, error, { type })
    const left = new Promise<void>((resolve) => {
      this.#gate.hold(room, { release: resolve, fail: () => resolve() })
    })
    this.#leaving.set(room.id, left)
    void left.then(() => this.#leaving.delete(room.id))
  }

  #noteMisfolded(room: RoomId, error: unknown, where: { type?: string }): void {
    this.#quarantine.note(room)
    this.#deps.metrics.count('rooms_set_aside_total')
    const err = error instanceof Misfolded ? error.cause : error
    this.#deps.logger.error({ err, room, ...where }, 'a kind threw while it took an entry in; its room is set aside')
  }

  /** Computed now, told once everything it could rest on is durable. */
  #gated<T>(room: Room, compute: () => T): Promise<T> {
    if (this.#over !== null) throw this.#over
    if (this.#slow && room.unreleased > 0) throw unknownYet()
    const value = this.#cost.timed(compute)
    return new Promise<T>((resolve, reject) => {
      this.#gate.hold(room, { release: () => resolve(value), fail: reject, awaited: true })
    })
  }

  async #append(batch: RoomAppend[], entries: number): Promise<void> {
    const { runtime, metrics } = this.#deps
    const startedAt = runtime.monotonic()
    const slow = runtime.after(LIMITS.appendSlowMs, () => this.#slowDown())
    try {
      await this.#log.append(batch)
    } finally {
      slow.cancel()
      this.#slow = false
    }
    const endedAt = runtime.monotonic()
    if (endedAt >= this.holding.validUntil()) throw new Error('The lease ran out before the log answered.')
    metrics.observe('append_seconds', (endedAt - startedAt) / 1000)
    metrics.observe('append_entries', entries)
    metrics.count('entries_total', entries)
  }

  /** What is out may still become durable, and whoever waited for it learns that when asking again. */
  #slowDown(): void {
    if (this.#over !== null) return
    this.#slow = true
    this.#deps.metrics.count('slow_appends_total')
    this.#gate.giveUp(unknownYet())
  }

  #released(group: Group): void {
    const began = this.#deps.runtime.monotonic()
    let batches = 0
    for (const [room, entries] of group.rooms) {
      room.unreleased -= entries.length
      room.durable += entries.length
      for (const entry of entries) room.recent.add(entry)
      this.#deps.told?.(room.id, room.kind, entries)
      this.#deadlines.set(room.id, room.deadline())
      batches += this.#teller.tell(room, entries)
      this.#forgetKeys(room)
      if (!room.isSetAside && room.durable - room.snapshotSeq >= LIMITS.snapshotEntries) this.#snapshotSoon(room)
    }
    this.#cost.since(began)
    this.#cost.entries(group.entries)
    this.#cost.batches(batches)
  }

  async #timeout(id: RoomId): Promise<void> {
    try {
      const room = await this.#open(id)
      const at = room.deadline()
      const now = this.#deps.runtime.now()
      if (this.#over !== null || at === null) return
      if (at > now) return this.#deadlines.set(id, at)
      const entries = room.timeout(now, this.#deps.runtime.uuid() as CommandOrder['id'])
      room.usedAt = this.#deps.runtime.monotonic()
      this.#gate.add(room, entries)
      // A kind whose deadline does nothing would be called for ever.
      if (entries.length === 0 && room.deadline() !== at) this.#deadlines.set(id, room.deadline())
    } catch (error) {
      if (this.#over !== null) return
      this.#deps.logger.error({ err: error, room: id }, 'a deadline could not be kept yet')
      this.#deadlines.set(id, this.#deps.runtime.now() + DEADLINE_RETRY_MS)
    }
  }

  /** A lease that has run out may have a successor that knows more: then not even a view is answered. Answers what time it is. */
  #assertHeld(): number {
    if (this.#over !== null) throw this.#over
    const now = this.#deps.runtime.monotonic()
    if (now < this.holding.validUntil()) return now
    throw new PlenaryError('moved', 'Another server may have the room by now.', { retryAfter: 200 })
  }

  async #open(id: RoomId): Promise<Room> {
    this.#assertHeld()
    const active = this.#rooms.get(id)
    if (active !== undefined) return active
    this.#quarantine.assertOpen(id)
    let opening = this.#opening.get(id)
    if (opening === undefined) {
      opening = this.#load(id).finally(() => this.#opening.delete(id))
      this.#opening.set(id, opening)
    }
    return opening
  }

  /** As a command's part of waiting: reading goes on, and serves those who ask again. */
  async #openInTime(id: RoomId, readBy?: number): Promise<Room> {
    const active = this.#over === null ? this.#rooms.get(id) : undefined
    if (active === undefined) return await this.#inTime(this.#open(id), readBy)
    this.#assertHeld()
    return active
  }

  #inTime<T>(reading: Promise<T>, readBy = this.#readBy(), late = away): Promise<T> {
    const { runtime } = this.#deps
    return within(runtime, reading, Math.max(0, readBy - runtime.monotonic()), late)
  }

  /** All that a command must have read from the log it has by then. */
  #readBy(): number {
    return this.#deps.runtime.monotonic() + LIMITS.roomReadMs
  }

  async #load(id: RoomId): Promise<Room> {
    await this.#leaving.get(id)
    const { room, entries } = await loadRoom(this.#deps, this.#log, id).catch((error: unknown) => {
      if (!(error instanceof Misfolded)) throw error
      this.#noteMisfolded(id, error, {})
      throw this.#quarantine.refusal(id)
    })
    // The epoch may have ended while the log was read.
    if (this.#over !== null) throw this.#over
    this.#rooms.set(id, room)
    this.#gate.add(room, entries)
    this.#forgetKeys(room)
    return room
  }

  #snapshotSoon(room: Room): void {
    const snapshot = room.snapshot()
    room.snapshotSeq = snapshot.seq
    this.#gate.hold(room, { release: () => void this.#write(room, snapshot), fail: () => undefined })
  }

  async #keep(room: Room): Promise<void> {
    if (room.unreleased === 0 && room.snapshotSeq < room.durable) await this.#write(room, room.snapshot())
  }

  async #write(room: Room, snapshot: Snapshot): Promise<void> {
    try {
      await this.#log.snapshot(room.id, snapshot)
    } catch (error) {
      // A snapshot only saves time; the entries are what counts.
      this.#deps.logger.warn({ err: error, room: room.id }, 'a snapshot was not written')
    }
  }

  async #passivate(room: Room): Promise<void> {
    if (room.unreleased > 0 || room.waiting > 0 || room.digestDue || this.#rooms.get(room.id) !== room) return
    this.#rooms.delete(room.id)
    const left = this.#keep(room)
    this.#leaving.set(room.id, left)
    await left
    this.#leaving.delete(room.id)
  }

  #fail(error: Error): void {
    // Already letting go: nobody waits for a successor, but those who wait for an answer must get one.
    if (this.#over !== null) return this.#gate.close(this.#over)
    this.#deps.metrics.count('epochs_over_total')
    this.abandon(
      new PlenaryError('moved', 'The room is being taken up again; ask once more.', { retryAfter: 250, cause: error }),
    )
    this.#onOver(error)
  }
}

const RETRY_MS = 500

/** It has not been done. */
function away(): PlenaryError {
  return new PlenaryError('unavailable', 'What is said here cannot be saved right now.', { retryAfter: RETRY_MS })
}

/** It may have been done, or may yet be. */
function unknownYet(): PlenaryError {
  return new PlenaryError('unavailable', 'It is not known yet whether this was saved; asking again tells.', {
    reason: 'outcome_unknown',
    retryAfter: RETRY_MS,
  })
}

/** Whether a command that was not carried out up to `since` may have been since then, and be remembered no more. */
function isForgotten(room: Room, id: CommandId, since: Seq): boolean {
  return room.dedupe.mayHaveForgotten(since) && room.dedupe.get(id) === undefined
}

function busy(): PlenaryError {
  return new PlenaryError('unavailable', 'Too many commands are waiting for this room.', { retryAfter: 1_000 })
}
