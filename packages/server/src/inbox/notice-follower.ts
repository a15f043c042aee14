import type { PlenaryNode, StoredEntry } from '@plenary/engine'
import { PlenaryError, type AnyKind, type Entry, type KindTable, type RoomId, type Seq } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { Inboxes } from './inboxes.ts'

/** Entries that wait in memory; what is beyond is read from the log when its turn comes. */
const WAITING_ENTRIES = 1_000
/** How far is written down at least every so many entries. */
const KEPT_EVERY_ENTRIES = 5_000
const TEND_MS = 60_000
/** Rooms whose owner ended before its word was followed are found by looking at all of them every so often. */
const LOOK_ROUNDS = 10
const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 30_000

interface Followed {
  kind: AnyKind
  /** All up to here was told; null until it is read. */
  cursor: Seq | null
  /** The same as it is written down. */
  kept: Seq
  wanted: Seq
  waiting: Entry[]
  running: boolean
}

export interface FollowerDeps {
  store: Store
  kinds: KindTable
  inboxes: Inboxes
  node: Pick<PlenaryNode, 'head' | 'scanAll'>
  logger: Logger
}

/**
 * Follows the logs of rooms whose kind says whom an entry is news to, and puts that into inboxes. It hears of entries only once they are
 * durable (R11); how far it is stands in the store, and what it tells has ids made from the entry: so whoever begins again there, on
 * whichever node, or at once with another, tells each notice once (R3).
 */
export class NoticeFollower implements AsyncDisposable {
  readonly #deps: FollowerDeps
  readonly #rooms = new Map<RoomId, Followed>()
  readonly #tending: NodeJS.Timeout
  readonly #pauses = new Set<() => void>()
  #rounds = 0
  #stopped = false

  constructor(deps: FollowerDeps) {
    this.#deps = deps
    this.#tending = setInterval(() => void this.#tend(), TEND_MS)
    void this.look()
  }

  /** These became durable. */
  note(room: RoomId, kind: AnyKind, entries: readonly StoredEntry[]): void {
    const last = entries.at(-1)
    if (kind.notices === undefined || last === undefined || this.#stopped) return
    const followed = this.#followed(room, kind)
    followed.wanted = Math.max(followed.wanted, last.seq)
    if (followed.waiting.length + entries.length > WAITING_ENTRIES) followed.waiting = []
    else followed.waiting.push(...entries.map(({ json }) => JSON.parse(json) as Entry))
    if (!followed.running) void this.#run(room, followed)
  }

  /** Looks for rooms whose last entries nobody has followed. */
  async look(): Promise<void> {
    const { store, kinds, node, logger } = this.#deps
    try {
      const names = [...kinds.values()].flatMap((kind) => (kind.notices === undefined ? [] : [kind.name]))
      const rooms = await store
        .selectFrom('room')
        .leftJoin('notice_cursor', 'notice_cursor.room_id', 'room.id')
        .select(['room.id', 'room.kind', 'notice_cursor.seq'])
        .where('room.kind', 'in', names)
        .execute()
      for (const { id, kind: name, seq } of rooms) {
        const kind = kinds.get(name)
        const head = await node.head(id)
        if (this.#stopped || kind === undefined) return
        if (head <= Number(seq ?? 0)) continue
        const followed = this.#followed(id, kind)
        followed.wanted = Math.max(followed.wanted, head)
        if (!followed.running) await this.#run(id, followed)
      }
    } catch (error) {
      if (!this.#stopped) logger.warn({ err: error }, 'rooms with news could not be looked for')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    clearInterval(this.#tending)
    for (const wake of this.#pauses) wake()
    await this.#keepAll()
  }

  #followed(room: RoomId, kind: AnyKind): Followed {
    const known = this.#rooms.get(room)
    if (known !== undefined) return known
    const followed: Followed = { kind, cursor: null, kept: 0, wanted: 0, waiting: [], running: false }
    this.#rooms.set(room, followed)
    return followed
  }

  async #run(room: RoomId, followed: Followed): Promise<void> {
    followed.running = true
    for (let tries = 0; !this.#stopped; tries++) {
      try {
        await this.#follow(room, followed)
        break
      } catch (error) {
        this.#deps.logger.warn({ err: error, room }, 'news could not be told yet')
        await this.#pause(Math.min(RETRY_MIN_MS * 2 ** tries, RETRY_MAX_MS))
      }
    }
    followed.running = false
  }

  async #follow(room: RoomId, followed: Followed): Promise<void> {
    const { store, node } = this.#deps
    if (followed.cursor === null) {
      const row = await store.selectFrom('notice_cursor').select('seq').where('room_id', '=', room).executeTakeFirst()
      followed.cursor = followed.kept = Number(row?.seq ?? 0)
    }
    while (followed.cursor < followed.wanted && !this.#stopped) {
      const { cursor } = followed
      const waiting = followed.waiting.filter(({ seq }) => seq > cursor)
      followed.waiting = []
      if (waiting[0]?.seq === cursor + 1) await this.#tell(room, followed, waiting)
      else for await (const page of node.scanAll(room, cursor, followed.wanted)) await this.#tell(room, followed, page)
    }
  }

  async #tell(room: RoomId, followed: Followed, entries: readonly Entry[]): Promise<void> {
    const { kind } = followed
    for (const entry of entries) {
      if (this.#stopped) return
      const notices = entry.type.startsWith('$') ? [] : (kind.notices?.(entry) ?? [])
      for (const notice of notices) await this.#deliver(room, entry, notice)
      followed.cursor = entry.seq
      if (notices.length > 0 || entry.seq - followed.kept >= KEPT_EVERY_ENTRIES) await this.#keep(room, followed)
    }
  }

  /** Throws only what may go away by itself. */
  async #deliver(room: RoomId, entry: Entry, notice: Parameters<Inboxes['deliver']>[2]): Promise<void> {
    try {
      await this.#deps.inboxes.deliver(room, entry, notice)
    } catch (error) {
      if (!(error instanceof PlenaryError) || error.temporary) throw error
      this.#deps.logger.error({ err: error, room, seq: entry.seq }, 'a notice was refused')
    }
  }

  async #keep(room: RoomId, followed: Followed): Promise<void> {
    const seq = followed.cursor
    if (seq === null || seq <= followed.kept) return
    await this.#deps.store
      .insertInto('notice_cursor')
      .values({ room_id: room, seq })
      .onConflict((conflict) => conflict.column('room_id').doUpdateSet({ seq }))
      .execute()
    followed.kept = seq
  }

  async #keepAll(): Promise<void> {
    for (const [room, followed] of this.#rooms) {
      try {
        await this.#keep(room, followed)
      } catch (error) {
        this.#deps.logger.warn({ err: error, room }, 'how far news were told was not written down')
      }
    }
  }

  async #tend(): Promise<void> {
    await this.#keepAll()
    for (const [room, { running, cursor, kept }] of this.#rooms)
      if (!running && cursor === kept) this.#rooms.delete(room)
    if (++this.#rounds % LOOK_ROUNDS === 0) await this.look()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#pauses.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#pauses.add(wake)
    })
  }
}
