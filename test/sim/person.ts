import { PlenaryError } from '@plenary/kinds'
import type { AnyKind, CommandId, Failure, Json, RoomId } from '@plenary/kinds'
import { createClient } from '../../packages/client/src/client.ts'
import type { Room } from '../../packages/client/src/room.ts'
import type { Session } from '../../packages/client/src/session.ts'
import { memoryStorage } from '../../packages/client/src/storage.ts'
import { tally } from '../../packages/engine/src/testing/tally.ts'
import { EVENT, roomOf } from './cast.ts'
import { Device } from './device.ts'
import type { Draws } from './draws.ts'
import type { DeviceHappening, PersonAtEnd, RoomAtEnd } from './happening.ts'
import type { Play, Seat } from './play.ts'
import type { Platform } from './platform.ts'
import type { Scheduler } from './scheduler.ts'
import type { Wires } from './wires.ts'

export interface PersonDeps {
  scheduler: Scheduler
  draws: Draws
  platform: Platform
  wires: Wires
  rooms: number
  play?: Play | undefined
  tell(happening: DeviceHappening): void
}

type TallyRoom = Room<typeof tally>
type Said = { room: RoomId; type: string; body: Json }

/** Whoever cannot get in at first tries again after so long. */
const AGAIN_MS = { from: 300, to: 3_000 }

/** One person with one device, whose storage outlives the pages on it, and the real SDK on each page. */
export class Person {
  readonly #deps: PersonDeps
  readonly #person: number
  readonly #storage = memoryStorage()
  #device: Device | null = null
  #session: Session | null = null
  #rooms = new Map<RoomId, TallyRoom>()
  #seats = new Map<RoomId, Seat>()
  /** Commands that are neither settled nor refused, as far as this page has shown. */
  #unsettled = new Set<CommandId>()
  /** Those of them that an earlier page left behind: nobody holds a promise of theirs. */
  #inherited = new Map<CommandId, RoomId>()
  /** Said before the page was ready for it. */
  #waiting: Said[] = []
  #wasIn = false
  #ids = 0
  /** Whether the platform has turned this person away for good. */
  #turnedAway = false

  constructor(deps: PersonDeps, person: number) {
    this.#deps = deps
    this.#person = person
  }

  open(): void {
    if (this.#device !== null || this.#turnedAway) return
    const { scheduler, draws } = this.#deps
    const device = new Device(scheduler, this.#person, draws.of(`person ${this.#person}`), () => ++this.#ids)
    this.#device = device
    this.#deps.tell({ what: 'opened', person: this.#person })
    this.#enter(device)
  }

  /** The page is gone from one moment to the next. */
  vanish(): void {
    if (this.#device === null) return
    this.#device.close()
    this.#device = null
    this.#session = null
    this.#rooms = new Map()
    for (const seat of this.#seats.values()) seat.vanish()
    this.#seats = new Map()
    // Answered, but not shown yet: the next page tells so by not having them any more.
    this.#unsettled = new Set(this.#inherited.keys())
    this.#waiting = []
    this.#deps.wires.vanish(this.#person)
    this.#deps.tell({ what: 'closed', person: this.#person })
  }

  stall(forMs: number): void {
    this.#device?.stall(forMs)
  }

  goOn(): void {
    this.#device?.goOn()
  }

  say(said: Said): void {
    if (this.#device === null) return
    const room = this.#rooms.get(said.room)
    if (room === undefined) this.#waiting.push(said)
    else {
      const seat = this.#seats.get(said.room)
      if (seat === undefined) this.#send(this.#device, room, said)
      else seat.do(said.body)
    }
  }

  /** Everything is shown and settled, or there is nothing to come. */
  get settled(): boolean {
    if (this.#turnedAway) return true
    if (this.#device === null || this.#session === null || this.#waiting.length > 0) return false
    const { connection } = this.#session.status
    if (connection === 'revoked') return true
    if (connection !== 'online') return false
    return [...this.#rooms.values()].every((room) => {
      const { state } = room.snapshot
      const seated = this.#seats.get(room.id)?.settled ?? true
      return state === 'refused' || (state === 'live' && room.unsettled === 0 && seated)
    })
  }

  atEnd(): PersonAtEnd {
    const revoked = this.#turnedAway || this.#session?.status.connection === 'revoked'
    const rooms = [...this.#rooms.values()].map((room): RoomAtEnd => {
      const { state, seq, view, mine, pending, failure } = room.snapshot
      return {
        room: room.id,
        state,
        seq,
        view: this.#seats.get(room.id)?.shown ?? (JSON.parse(JSON.stringify(view)) as Json),
        mine: JSON.parse(JSON.stringify(mine)) as Json,
        unsettled: pending.filter((each) => each.state !== 'refused').map(({ id }) => id),
        ...(failure === undefined ? {} : { failure }),
      }
    })
    return { person: this.#person, open: this.#device !== null && !revoked, rooms }
  }

  #enter(device: Device): void {
    const { platform, wires, scheduler, draws, rooms, play } = this.#deps
    const client = createClient({
      url: 'http://door.invalid/',
      storage: this.#storage,
      runtime: device.runtime,
      transport: wires.transport(device),
      fetch: platform.fetch(device),
    })
    const entering = this.#wasIn ? client.open(EVENT) : client.join({ code: 'EVENT', name: `Person ${this.#person}` })
    entering.then(
      (session) => {
        if (!device.open) return session.close()
        this.#wasIn = true
        this.#session = session
        for (let number = 0; number < rooms; number++) {
          const room = session.room<AnyKind>(play?.kind ?? tally, roomOf(number))
          this.#watch(device, room as unknown as TallyRoom)
          if (play !== undefined) this.#seats.set(room.id, play.sit(device, this.#person, room))
        }
        for (const said of this.#waiting.splice(0)) this.say(said)
      },
      (error: unknown) => {
        if (!device.open) return
        if (error instanceof PlenaryError && !error.temporary) {
          this.#turnedAway = true
          return
        }
        const draw = draws.of(`person ${this.#person} again`)
        const label = `person-${this.#person} tries again`
        scheduler.after(draw.between(AGAIN_MS.from, AGAIN_MS.to), label, () => {
          if (device.open) this.#enter(device)
        })
      },
    )
  }

  #watch(device: Device, room: TallyRoom): void {
    const { tell } = this.#deps
    const person = this.#person
    this.#rooms.set(room.id, room)
    room.onEntry((entry) => {
      tell({ what: 'saw', person, room: room.id, entry: JSON.parse(JSON.stringify(entry)) as typeof entry })
    })
    room.onReset(({ from, to }) => tell({ what: 'jumped', person, room: room.id, from, to }))
    for (const { id } of room.snapshot.pending) {
      this.#unsettled.add(id)
      this.#inherited.set(id, room.id)
    }
    this.#look(room)
    room.subscribe(() => device.take(() => this.#look(room)))
  }

  #look(room: TallyRoom): void {
    if (this.#inherited.size === 0) return
    const pending = new Map(room.snapshot.pending.map((each) => [each.id, each]))
    for (const [id, of] of this.#inherited) {
      const shown = pending.get(id)
      const isRefused = shown?.state === 'refused'
      if (of !== room.id || (shown !== undefined && !isRefused)) continue
      this.#inherited.delete(id)
      this.#settle(id, room.id, null, shown?.failure ?? null)
    }
  }

  #send(device: Device, room: TallyRoom, { type, body }: Said): void {
    const before = device.lastCommand
    const settled = room.send(type as 'say', body as { word: string })
    const id = device.lastCommand
    if (id === null || id === before) {
      settled.catch(() => undefined)
      return
    }
    this.#deps.tell({ what: 'asked', person: this.#person, room: room.id, id, type, body })
    this.#unsettled.add(id)
    settled.then(
      ({ seq }) => device.take(() => this.#settle(id, room.id, seq, null)),
      (error: unknown) => {
        const failure = error instanceof PlenaryError ? error.toFailure() : null
        device.take(() => this.#settle(id, room.id, null, failure))
      },
    )
  }

  #settle(id: CommandId, room: RoomId, seq: number | null, failure: Failure | null): void {
    if (!this.#unsettled.delete(id)) return
    const { tell } = this.#deps
    const person = this.#person
    if (failure === null) tell({ what: 'saved', person, room, id, seq })
    else tell({ what: 'refused', person, room, id, failure })
  }
}
