import {
  audienceOf,
  failure,
  PlenaryError,
  type AnyClientKind,
  type api,
  type CommandId,
  type CommandsOf,
  type Entry,
  type Failure,
  type InputOf,
  type JoinAnswer,
  type JoinRequest,
  type Json,
  type MineOf,
  type Revoked,
  type Role,
  type RoomId,
  type SendReceipt,
  type Seq,
  type SignalMessage,
  type SignalsOf,
  type ViewOf,
} from '@plenary/kinds'
import { backoffMs } from './backoff.ts'
import type { Cancel, Runtime } from './clock.ts'
import { History, type HistoryNow } from './history.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { Listeners } from './listeners.ts'
import { Outbox, type PendingCommand } from './outbox.ts'
import { foldPresence, NOBODY, type PresenceNow } from './presence.ts'
import { Replica, type Reset, type Start } from './replica.ts'
import type { Storage } from './storage.ts'
import type { ServerMessage, Wire } from './transport.ts'
import { Typing } from './typing.ts'

/** A room as its user sees it now. Never changed: something new is a new object. */
export interface RoomSnapshot<K extends AnyClientKind = AnyClientKind> {
  /** `live` from the first view on, also while the connection is away: the session's status tells that. */
  state: 'joining' | 'live' | 'refused'
  role: Role
  view: ViewOf<K> | null
  mine: MineOf<K> | null
  /** The view shows everything up to here. */
  seq: Seq
  pending: readonly PendingCommand[]
  presence: PresenceNow
  digest: Json | null
  history: HistoryNow<ViewOf<K>>
  /** Why the room is refused. */
  failure?: Failure
}

/** Keeps up with what a room gives once, beside its view: see `Kind.content`. */
export interface ContentFollower {
  /** All of it; perhaps more than once, and perhaps as of an entry that was told already. */
  content(content: Json): void
  /** What came behind it, in order. */
  entries(entries: readonly Entry[]): void
}

export interface RoomParts {
  runtime: Runtime
  storage: Storage
  me(): api.Me
  entries(room: RoomId, before: Seq, limit: number): Promise<api.EntriesAnswer>
  /** This wire does not answer. */
  silent(wire: Wire): void
  /** Whether the server is told with a command how far its sender has seen; known once a join was answered. */
  takesSeen(): boolean
  changed(): void
  left(): void
}

/** One room: joins, folds what comes into the view, and sends the user's own commands. Made by `session.room`. */
export class Room<K extends AnyClientKind = AnyClientKind> {
  readonly id: RoomId
  readonly kind: K
  readonly typing: Typing
  readonly #parts: RoomParts
  readonly #outbox: Outbox
  readonly #history: History
  readonly #replica: Replica
  readonly #changed = new Listeners()
  readonly #entries = new Listeners<[Entry]>()
  readonly #resets = new Listeners<[Reset]>()
  readonly #signals = new Listeners<[SignalMessage]>()
  #followers: readonly ContentFollower[] = []
  #snapshot: RoomSnapshot<K> | null = null
  #state: 'joining' | 'live' | 'refused' = 'joining'
  #failure: Failure | null = null
  #role: Role
  #presence: PresenceNow = NOBODY
  #digest: { through: Seq; body: Json } | null = null
  #wire: Wire | null = null
  #join: { settled: () => void; timer: Cancel } | null = null
  #joinTries = 0
  #holding = 0
  #stale = false
  #closed = false

  constructor(kind: K, id: RoomId, parts: RoomParts) {
    this.kind = kind
    this.id = id
    this.#parts = parts
    this.#role = parts.me().role
    this.typing = new Typing(parts.runtime)
    const { runtime, storage } = parts
    const user = parts.me().id
    this.#replica = new Replica(kind, user)
    this.#history = new History({
      kind,
      me: user,
      fetch: (before, limit) => parts.entries(id, before, limit),
      changed: () => this.#touch(),
    })
    this.#outbox = new Outbox({
      runtime,
      storage,
      user,
      room: id,
      changed: () => this.#touch(),
      missed: () => this.resync(),
    })
  }

  /** Who one is here. */
  get me(): api.Me {
    return this.#parts.me()
  }

  /** The room now; the same object while nothing changed. */
  get snapshot(): RoomSnapshot<K> {
    return (this.#snapshot ??= {
      state: this.#state,
      role: this.#role,
      view: this.#replica.view as ViewOf<K> | null,
      mine: this.#replica.mine as MineOf<K> | null,
      seq: this.#replica.cursor?.seq ?? 0,
      pending: this.#outbox.pending,
      presence: this.#presence,
      digest: this.#digest?.body ?? null,
      history: this.#history.now as HistoryNow<ViewOf<K>>,
      ...(this.#failure === null ? {} : { failure: this.#failure }),
    })
  }

  /** Commands that are neither saved and shown nor refused. */
  get unsettled(): number {
    return this.#outbox.unsettled
  }

  /** Told once after each change, however many entries it brought. */
  readonly subscribe = (listener: () => void): Cancel => this.#changed.add(listener)

  /** Told of each entry once, in order, after the view has it. What came before the first view is in that view. */
  onEntry(listener: (entry: Entry) => void): Cancel {
    return this.#entries.add(listener)
  }

  onReset(listener: (reset: Reset) => void): Cancel {
    return this.#resets.add(listener)
  }

  onSignal(listener: (signal: SignalMessage) => void): Cancel {
    return this.#signals.add(listener)
  }

  /** Whether the room can be told something right now. */
  get attached(): boolean {
    return this.#wire !== null && this.#join === null && this.#state === 'live'
  }

  /** Tells the content, then each entry behind it. A room that is live already asks for the content once more. */
  followContent(follower: ContentFollower): Cancel {
    this.#followers = [...this.#followers, follower]
    if (this.#state === 'live') this.refresh()
    return () => void (this.#followers = this.#followers.filter((other) => other !== follower))
  }

  /** Asks for the view and the content anew. */
  refresh(): void {
    this.#replica.forget()
    this.resync()
  }

  /**
   * Keeps a command on the device and sends it until it is answered. Resolves when it is saved for good; rejects with
   * `PlenaryError` when it is refused for good. `snapshot.pending` tells the same, so the promise may be left alone.
   */
  send<T extends keyof CommandsOf<K> & string>(type: T, body: InputOf<CommandsOf<K>[T]>): Promise<SendReceipt> {
    if (this.#failure !== null) {
      const refused = Promise.reject<SendReceipt>(errorOf(this.#failure))
      refused.catch(() => undefined)
      return refused
    }
    return this.#outbox.add(type, body as Json)
  }

  /** Sends a refused command again. */
  retry(id: CommandId): void {
    this.#outbox.retry(id)
  }

  /** Takes a refused command off the list. */
  discard(id: CommandId): void {
    this.#outbox.discard(id)
  }

  /** Tells whoever is there now; lost when nobody can be told. */
  signal<T extends keyof SignalsOf<K> & string>(type: T, body: InputOf<SignalsOf<K>[T]>): void {
    if (this.#wire !== null && this.#join === null) this.#wire.signal({ room: this.id, type, body })
  }

  /** Loads one page of history more. Throws `PlenaryError`. */
  async loadOlder(): Promise<void> {
    const { cursor, view } = this.#replica
    if (cursor === null) throw new PlenaryError('unavailable', 'The room is not open yet.')
    await this.#history.loadOlder({ view, seq: cursor.seq, audience: audienceOf(this.#role) })
  }

  /** Lets go of the pages of history. */
  forgetOlder(): void {
    this.#history.forget()
  }

  /** Leaves for good; what is unsettled stays on the device. `session.room` makes a new one. */
  leave(): void {
    this.#wire?.leave({ room: this.id }, () => undefined)
    this.close()
    this.#parts.left()
  }

  /** @internal What it asks of a wire; null when it asks for nothing any more. */
  get toJoin(): JoinRequest | null {
    if (this.#state === 'refused' || this.#closed) return null
    const { cursor } = this.#replica
    return { room: this.id, ...(cursor === null ? {} : { cursor }) }
  }

  /** @internal Joins over this wire, from where the room stands. Resolves at the first answer, or when there will be none. */
  attach(wire: Wire): Promise<void> {
    if (this.toJoin === null || this.#wire === wire) return Promise.resolve()
    this.detach()
    this.#wire = wire
    this.#joinTries = 0
    return new Promise((resolve) => {
      this.#ask(wire, resolve)
    })
  }

  /** @internal The wire is gone. */
  detach(): void {
    this.#endJoin()
    this.#wire = null
    this.#hold(() => {
      this.#outbox.shut()
      this.typing.clear()
    })
  }

  /** @internal Asks for what was missed; one question at a time. */
  resync(): void {
    if (this.#wire !== null && this.#join === null) this.#ask(this.#wire, () => undefined)
  }

  /** @internal `current` is false for an old wire that a new one is taking over from. */
  message(message: ServerMessage, current: boolean): void {
    if (this.#closed || this.#state === 'refused') return
    this.#hold(() => {
      if (message.name === 'batch') {
        const { after, through, entries } = message.body
        const { cursor } = this.#replica
        if (cursor === null || through <= cursor.seq) return
        if (after > cursor.seq) this.resync()
        else this.#advance(entries, through)
      } else if (!current) return
      else if (message.name === 'view') this.#replace(message.body)
      else if (message.name === 'mine') {
        this.#replica.own(message.body.mine, message.body.mineSeq)
        this.#touch()
      } else if (message.name === 'presence') {
        this.#presence = foldPresence(this.#presence, message.body)
        this.#touch()
      } else if (message.name === 'digest' && message.body.through >= (this.#digest?.through ?? 0)) {
        this.#digest = message.body
        this.#touch()
      } else if (message.name === 'signal') this.#signalled(message.body)
      else if (message.name === 'revoked') this.#revoked(message.body)
    })
  }

  /** @internal No way in any more. */
  refuse(why: Failure): void {
    if (this.#closed) return
    this.#hold(() => {
      this.detach()
      this.#state = 'refused'
      this.#failure = why
      this.#presence = NOBODY
      this.#outbox.refuseAll(why)
      this.#touch()
    })
  }

  /** @internal Ends every timer and listener. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#endJoin()
    this.#wire = null
    this.#changed.clear()
    this.#history.forget()
    this.#outbox.close()
    this.#entries.clear()
    this.#resets.clear()
    this.#signals.clear()
    this.#followers = []
    this.typing.close()
  }

  #ask(wire: Wire, settled: () => void): void {
    const request = this.toJoin
    if (request === null) return settled()
    const join = {
      settled,
      timer: this.#parts.runtime.setTimeout(() => this.#parts.silent(wire), CLIENT_LIMITS.joinMs),
    }
    this.#join = join
    wire.join(request, (answer) => {
      if (this.#join !== join) return
      this.#hold(() => this.#joined(wire, answer, settled))
    })
  }

  #joined(wire: Wire, answer: JoinAnswer, settled: () => void): void {
    this.#join?.timer()
    this.#join = null
    if (!answer.ok) {
      if (!answer.temporary) this.refuse(answer)
      else {
        const ms = backoffMs(this.#joinTries++, this.#parts.runtime.random, answer.retryAfter)
        this.#join = { settled, timer: this.#parts.runtime.setTimeout(() => this.#ask(wire, settled), ms) }
      }
    } else if (answer.kind !== this.kind.name) {
      this.refuse(failure('conflict', `This room is of another kind: ${answer.kind}.`))
    } else if ('entries' in answer && audienceOf(answer.role) !== audienceOf(this.#role)) {
      // The view is for other eyes than the entries: only a fresh one fits the new role.
      this.#role = answer.role
      this.#replica.forget()
      return this.#ask(wire, settled)
    } else if ('entries' in answer && this.#replica.cursor === null) {
      // What these lead on from was given up while the answer was on its way.
      return this.#ask(wire, settled)
    } else {
      this.#joinTries = 0
      this.#role = answer.role
      if ('entries' in answer) this.#advance(answer.entries, answer.cursor.seq)
      else this.#replace(answer)
      this.#outbox.open((request, ack) => wire.send(request, ack), {
        reached: this.#replica.cursor?.seq ?? 0,
        saysSeen: this.#parts.takesSeen(),
      })
    }
    settled()
  }

  #replace(start: Start): void {
    this.#state = 'live'
    this.#history.forget()
    const jump = this.#replica.replace(start)
    const { content } = start
    if (content !== undefined) for (const follower of this.#followers) follower.content(content)
    this.#outbox.reached(start.cursor.seq)
    this.#touch()
    if (jump !== null) this.#resets.tell(jump)
  }

  #advance(entries: readonly Entry[], through: Seq): void {
    const { applied, untold } = this.#replica.advance(entries, through)
    this.#history.live(applied, audienceOf(this.#role))
    if (applied.length > 0) for (const follower of this.#followers) follower.entries(applied)
    this.#outbox.reached(this.#replica.cursor?.seq ?? 0)
    this.#touch()
    for (const entry of untold) {
      if (entry.by !== null) this.typing.stopped(entry.by.id)
      this.#entries.tell(entry)
    }
  }

  #signalled(signal: SignalMessage): void {
    if (signal.type === 'typing' && signal.by !== null && signal.by.id !== this.#parts.me().id) {
      const on = typeof signal.body === 'object' && signal.body !== null && 'on' in signal.body && signal.body['on']
      if (on === true) this.typing.started(signal.by)
      else this.typing.stopped(signal.by.id)
    }
    this.#signals.tell(signal)
  }

  #revoked({ code }: Revoked): void {
    if (code === 'role_changed') this.resync()
    else this.refuse(failure('forbidden', 'You cannot be in this room any more.', { reason: code }))
  }

  #endJoin(): void {
    this.#join?.timer()
    this.#join?.settled()
    this.#join = null
  }

  /** One notification for all that `work` changes. */
  #hold(work: () => void): void {
    this.#holding++
    try {
      work()
    } finally {
      this.#holding--
      if (this.#stale && this.#holding === 0) this.#touch()
    }
  }

  #touch(): void {
    this.#snapshot = null
    this.#stale = this.#holding > 0
    if (this.#stale) return
    this.#changed.tell()
    this.#parts.changed()
  }
}

function errorOf(why: Failure): PlenaryError {
  return new PlenaryError(why.code, why.message, why)
}
