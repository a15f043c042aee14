import { LIMITS, PlenaryError, isRefusal } from '@plenary/kinds'
import type {
  Actor,
  AnyKind,
  Audience,
  Author,
  CommandId,
  Draft,
  Entry,
  Json,
  KindTable,
  Millis,
  Role,
  RoomId,
  RoomSpec,
  Seq,
  UserId,
  Visibility,
} from '@plenary/kinds'
import type { ScopeKeys } from '../keys/keys.ts'
import type { CommandPlace, LoadedRoom, Sees, Snapshot, StoredEntry } from '../log/log.ts'
import { aliasActor, aliasOf, aliasOfCommand } from './aliases.ts'
import { DedupeWindow } from './dedupe.ts'
import { streamTopic } from './orders.ts'
import type { CommandDone, CommandOrder } from './orders.ts'
import { RecentEntries } from './recent.ts'

/** The engine's own entry types; a kind's may not begin with a dollar sign. */
const CREATED = '$created'
const UPGRADED = '$upgraded'
/** The engine itself, where an entry or a command has no person behind it. */
const SYSTEM: Actor = { id: 'system' as UserId, name: 'system', role: 'system' }

/** What a command came to, before it is durable. */
export type Taken =
  | { entries: StoredEntry[]; done: CommandDone }
  | { refused: string; message: string; retryAfter?: number }

/** A command as it is decided: in a secret scope by an alias, under an alias of its id. */
export interface Asked extends CommandOrder {
  secret?: true
}

/** A kind threw where it may only look: its state is as it was, and so is its room. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
  constructor(cause: unknown) {
    super('The kind threw while it decided.', { cause })
  }
}

/** A kind threw where it takes entries in, perhaps half-way: what is true of the room only its log knows. */
export class Misfolded extends Error {
  override readonly name = 'Misfolded'
  constructor(cause: unknown) {
    super('The kind threw while it took an entry in.', { cause })
  }
}

/**
 * One room in its owner's memory: the state with every entry folded in as soon as it was decided, durable or not. What may
 * be shown of it, and when, is the shard's business (R11).
 */
export class Room {
  readonly id: RoomId
  readonly spec: RoomSpec
  readonly kind: AnyKind
  dedupe: DedupeWindow
  /** Whether the ids of its newest commands are known; what is shown of it does without. */
  remembers: boolean
  readonly recent = new RecentEntries()
  /** Where each stream is told. */
  readonly topics: Readonly<Record<Audience, string>>
  /** Up to where each stream was told; the next batch of the stream follows on from there. */
  readonly told: Record<Audience, Seq>
  /** The last entry that was decided. */
  head: Seq
  /** The last entry that is durable. */
  durable: Seq
  snapshotSeq: Seq
  /** Entries decided and not yet durable. */
  unreleased = 0
  /** Commands that wait for their answer. */
  waiting = 0
  usedAt: number
  /** Its state may be anything, and is shown and kept no more; what is durable of it is read anew. */
  isSetAside = false
  barred: readonly UserId[] = []
  /** Keys of secret scopes; also of those that are no longer open, until that is durable. */
  keys: ScopeKeys = new Map()
  /** Changes of who is barred that no stream has told yet. */
  readonly #bars: { seq: Seq; user: UserId; barred: boolean }[] = []
  /** Set while an order of this room waits for the log; later ones follow it. */
  turn: Promise<unknown> | null = null
  /** When the next digest may go out; null when none is due. */
  digestDue = false
  digestAt = -Infinity
  #state: unknown
  #deadline: Millis | null
  #lastAt: Millis

  private constructor(
    id: RoomId,
    spec: RoomSpec,
    kind: AnyKind,
    state: unknown,
    loaded: LoadedRoom,
    usedAt: number,
    lastAt: Millis,
  ) {
    this.id = id
    this.spec = spec
    this.kind = kind
    this.topics = { everyone: streamTopic(id, 'everyone'), staff: streamTopic(id, 'staff') }
    this.#state = state
    this.head = loaded.head
    this.durable = loaded.head
    this.told = { everyone: loaded.head, staff: loaded.head }
    this.snapshotSeq = loaded.snapshot?.seq ?? 0
    this.#lastAt = Math.max(lastAt, loaded.entries.at(-1)?.at ?? 0)
    this.usedAt = usedAt
    this.remembers = (loaded.entries[0]?.seq ?? loaded.head + 1) === 1
    this.dedupe = windowOf(this.remembers ? loaded.entries : [], loaded.head)
    for (const entry of loaded.entries) this.recent.add(entry)
    this.barred = kind.barred?.(state) ?? []
    this.#deadline = kind.deadline?.(state) ?? null
  }

  /**
   * The room as its log says. Answers null when the log has nothing of it; throws `unavailable` when it was written by a
   * newer version of its kind, or a kind that this node does not have.
   */
  static restore(
    id: RoomId,
    loaded: LoadedRoom,
    kinds: KindTable,
    now: number,
  ): { room: Room; upgrade: boolean } | null {
    if (loaded.head === 0) return null
    const kept = loaded.snapshot === null ? null : (JSON.parse(loaded.snapshot.state) as KeptState)
    const entries = loaded.entries.map((stored) => ({ stored, entry: JSON.parse(stored.json) as Entry }))
    const genesis = kept ?? (entries[0]?.entry.body as Genesis)
    const kind = kinds.get(genesis.spec.kind)
    let version = loaded.snapshot?.version ?? (genesis as Genesis).version
    const newest = entries.findLast(({ entry }) => entry.type === UPGRADED)?.entry.body as
      | { version: number }
      | undefined
    if (kind === undefined || Math.max(version, newest?.version ?? 0) > kind.version) {
      throw new PlenaryError('unavailable', `This server cannot read the room's kind, ${genesis.spec.kind}.`)
    }
    // Read by the schema of today: what a setting was before there was that setting stands in its default.
    let state: unknown = kept?.state ?? kind.initial(kind.settings.parse(genesis.spec.settings))
    for (const { entry } of entries) {
      if (entry.type === UPGRADED) version = (entry.body as { version: number }).version
      else if (entry.type !== CREATED) state = kind.evolve(state, upgraded(kind, entry, version))
    }
    const room = new Room(id, genesis.spec, kind, state, loaded, now, kept?.at ?? 0)
    return { room, upgrade: version < kind.version }
  }

  /** A room that has no log yet, and its first entry. */
  static create(id: RoomId, spec: RoomSpec, kinds: KindTable, now: number, at: Millis, command: CommandId): Creation {
    const kind = kinds.get(spec.kind)
    if (kind === undefined) throw new PlenaryError('unavailable', `This server does not know the kind ${spec.kind}.`)
    const room = new Room(id, spec, kind, kind.initial(kind.settings.parse(spec.settings)), EMPTY, now, 0)
    const genesis: Genesis = { spec, version: kind.version }
    return { room, entries: [room.#place({ type: CREATED, body: genesis }, SYSTEM, command, at)] }
  }

  /** Notes in the log that entries from here on are of the kind's present version. */
  upgrade(at: Millis, command: CommandId): StoredEntry {
    return this.#place({ type: UPGRADED, body: { version: this.kind.version } }, SYSTEM, command, at)
  }

  /** From here on it knows its newest commands. */
  remember(commands: readonly CommandPlace[]): void {
    this.dedupe = windowOf(commands, this.durable)
    this.remembers = true
  }

  /** The secret scope that this command would open. */
  opens({ id, type, body }: CommandOrder): string | null {
    return this.kind.secrets?.opens(this.#state, { id, type, body }) ?? null
  }

  /** The command as it is to be decided; null when it is to be kept secret and the key for that is lost. */
  asked(order: CommandOrder): Asked | null {
    const { id, type, body } = order
    const scope = this.kind.secrets?.within(this.#state, { id, type, body }) ?? null
    if (scope === null) return order
    const key = this.keys.get(scope)
    if (key === undefined) return null
    return { ...order, id: aliasOfCommand(key, id), by: aliasActor(key, order.by), secret: true }
  }

  /** Scopes of which there is a key and which are, for good, not open any more. */
  spentScopes(): string[] {
    if (this.keys.size === 0 || this.unreleased > 0 || this.isSetAside) return []
    const open = this.kind.secrets?.open(this.#state) ?? []
    return [...this.keys.keys()].filter((scope) => !open.includes(scope))
  }

  /** Decides a command and folds its entries in at once. Throws only where the kind breaks its law: `Undecided`
   * when nothing has been done, and `Misfolded` when its state may be anything by now; what is counted is as it was. */
  take(order: Asked, now: Millis): Taken {
    const at = Math.max(now, this.#lastAt)
    const command = { id: order.id, type: order.type, body: order.body }
    const outcome = this.#decide(command, order.by, at)
    if (isRefusal(outcome)) return outcome
    // In secret: when somebody did it is no more to be known than who.
    const secret = order.secret === true
    const entries = secret
      ? this.#fold(outcome.entries.map(nameless), order.by, order.id, this.#lastAt)
      : this.#fold(outcome.entries, order.by, order.id, at)
    if (secret && entries.some(({ sees }) => sees !== 'nobody'))
      throw new Error(`The kind ${this.kind.name} shows what is done in secret.`)
    const { result } = outcome
    const done: CommandDone = result === undefined ? { seq: this.head } : { seq: this.head, result }
    // What changed nothing may be asked again at no harm, and must not push out what did.
    if (entries.length > 0) this.dedupe.add(order.id, done, this.durable)
    return { entries, done }
  }

  #decide(
    command: { id: CommandId; type: string; body: unknown },
    by: Actor,
    at: Millis,
  ): ReturnType<AnyKind['decide']> {
    try {
      return this.kind.decide(this.#state, command, by, at)
    } catch (error) {
      throw new Undecided(error)
    }
  }

  /** The kind's own doing at its deadline. Throws what the kind throws against its law, and is then as if it had not been called. */
  timeout(now: Millis, command: CommandId): StoredEntry[] {
    const at = Math.max(now, this.#lastAt)
    // Nobody asked for this, so nobody could stop asking: a shard that began again would meet the same deadline at once.
    const before = structuredClone(this.#state)
    try {
      return this.#fold(this.kind.timeout?.(this.#state, at) ?? [], SYSTEM, command, at)
    } catch (error) {
      this.#state = before
      throw error instanceof Misfolded ? error.cause : error
    }
  }

  deadline(): Millis | null {
    return this.#deadline
  }

  /** The view's JSON; behind it, as a member of its own, what is given once beside it. */
  view(audience: Audience): string {
    const view = JSON.stringify(this.kind.view(this.#state, audience))
    const content = this.kind.content?.(this.#state, audience)
    return content === undefined ? view : `${view},"content":${JSON.stringify(content)}`
  }

  mine(user: UserId): Json {
    return (this.kind.mine?.(this.#state, user, (scope) => this.#alias(scope, user)) ?? null) as Json
  }

  mayPutFiles(who: { id: UserId; role: Role }): boolean {
    return this.kind.files?.(this.#state, who) ?? false
  }

  #alias(scope: string, user: UserId): UserId | null {
    const key = this.keys.get(scope)
    return key === undefined ? null : aliasOf(key, user)
  }

  digest(audience: Audience): Json {
    return this.kind.digest?.(this.#state, audience) ?? null
  }

  snapshot(): Snapshot {
    const kept: KeptState = { spec: this.spec, at: this.#lastAt, state: this.#state }
    return { seq: this.head, version: this.kind.version, state: JSON.stringify(kept) }
  }

  /** Who may no longer be in the room, or may again, by what became durable since the last call (R11). */
  changedBars(): { user: UserId; barred: boolean }[] {
    const durable = this.#bars.findLastIndex((each) => each.seq <= this.durable) + 1
    return this.#bars.splice(0, durable).map(({ user, barred }) => ({ user, barred }))
  }

  #fold(drafts: readonly Draft<Record<string, unknown>>[], by: Actor, id: CommandId, at: Millis): StoredEntry[] {
    const { head, unreleased } = this
    const lastAt = this.#lastAt
    try {
      const entries: StoredEntry[] = []
      for (const draft of drafts) entries.push(this.#place(draft, by, id, at))
      const deadline = this.kind.deadline?.(this.#state) ?? null
      if (entries.length > 0) this.#noteBars()
      this.#deadline = deadline
      return entries
    } catch (error) {
      this.head = head
      this.unreleased = unreleased
      this.#lastAt = lastAt
      throw new Misfolded(error)
    }
  }

  #noteBars(): void {
    const now = this.kind.barred?.(this.#state) ?? this.barred
    if (now === this.barred) return
    const before = new Set(this.barred)
    const after = new Set(now)
    this.barred = now
    for (const user of after.difference(before)) this.#bars.push({ seq: this.head, user, barred: true })
    for (const user of before.difference(after)) this.#bars.push({ seq: this.head, user, barred: false })
  }

  #place(draft: Draft<Record<string, unknown>>, by: Actor, id: CommandId, at: Millis): StoredEntry {
    const author: Author = draft.anonymous === true ? null : { id: by.id, name: by.name, role: by.role }
    const seq = this.head + 1
    const own = !draft.type.startsWith('$')
    const body = JSON.stringify(draft.body)
    // What the log will say, and nothing that the asker or the draft still holds: so that a replay comes to the same (R10).
    const logged: Entry = { seq, at, by: author, type: draft.type, body: own ? JSON.parse(body) : draft.body, id }
    const who = JSON.stringify(author)
    const type = JSON.stringify(draft.type)
    // As `JSON.stringify` of the whole has it, which would put the body into words again. Joined and not added up: what is added up
    // keeps all its pieces for as long as the entry is kept.
    const pieces = [
      `{"seq":${seq},"at":${at},"by":`,
      who,
      `,"type":${type},"body":`,
      body,
      `,"id":${JSON.stringify(id)}}`,
    ]
    const json = pieces.join('')
    if (own) this.#state = this.kind.evolve(this.#state, logged)
    const sees = own ? seesOf(this.kind.visibility(logged, this.#state)) : 'nobody'
    const about = own ? (this.kind.about?.(logged) ?? null) : null
    this.head = seq
    this.#lastAt = at
    this.unreleased++
    return { seq, id, at, sees, about, json }
  }
}

const nameless = (draft: Draft<Record<string, unknown>>) => ({ ...draft, anonymous: true })

export interface Creation {
  room: Room
  entries: StoredEntry[]
}

interface Genesis {
  spec: RoomSpec
  version: number
}
interface KeptState {
  spec: RoomSpec
  /** The time of the last entry: times in a room never go down. */
  at: Millis
  state: unknown
}

const EMPTY: LoadedRoom = { head: 0, snapshot: null, entries: [] }

function windowOf(commands: readonly CommandPlace[], durable: Seq): DedupeWindow {
  const window = new DedupeWindow(LIMITS.dedupePerRoom, (commands[0]?.seq ?? 1) - 1)
  for (const { id, seq } of commands) window.add(id, { seq }, durable)
  return window
}

/** Whether a snapshot is of another version of its kind, so that only the whole log will do. */
export function isOutdated(snapshot: Snapshot, kinds: KindTable): boolean {
  const { spec } = JSON.parse(snapshot.state) as KeptState
  return kinds.get(spec.kind)?.version !== snapshot.version
}

function upgraded(kind: AnyKind, entry: Entry, version: number): Entry {
  return version < kind.version && kind.upgrade !== undefined ? kind.upgrade(entry, version) : entry
}

function seesOf(visibility: Visibility): Sees {
  return typeof visibility === 'string' ? visibility : `only:${visibility.only}`
}
