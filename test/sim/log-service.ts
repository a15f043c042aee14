import type { RoomLog } from '../../packages/engine/src/log/log.ts'
import type { Draw, Draws } from './draws.ts'
import { LOG_ID } from './log-store.ts'
import type { LogStore, Writer } from './log-store.ts'
import { journeyMs } from './network.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** A call that is not answered for so long has failed for its caller; it may still be carried out. */
const CALL_MS = 2_000
const RETRY_MS = 100
/** A log that is away turns some calls down at once, and lets the others wait. */
const TURNED_DOWN = 0.4

export interface UnknownAppend {
  lands: 'never' | 'at-once' | 'late'
  lateMs: number
}

/** The log over a network: what is asked takes its time, is turned down, or is carried out without anyone hearing of it. */
export class LogService {
  readonly #scheduler: Scheduler
  readonly #network: Network
  readonly #draws: Draws
  readonly #store: LogStore
  readonly #unknown = new Map<number, UnknownAppend[]>()
  #awayUntil = -Infinity
  #slow: { upToMs: number; until: number } = { upToMs: 0, until: 0 }
  /** How many appends failed without a word of their outcome, and how many of all landed after their caller gave up. */
  readonly fates = { unknown: 0, landedLate: 0, turnedDown: 0 }

  constructor(scheduler: Scheduler, network: Network, draws: Draws, store: LogStore) {
    this.#scheduler = scheduler
    this.#network = network
    this.#draws = draws
    this.#store = store
  }

  goAway(forMs: number): void {
    this.#awayUntil = Math.max(this.#awayUntil, this.#scheduler.now + forMs)
  }

  beSlow(upToMs: number, forMs: number): void {
    this.#slow = { upToMs, until: this.#scheduler.now + forMs }
  }

  /** The node's next append ends like this. */
  failNext(node: number, unknown: UnknownAppend): void {
    this.#unknown.set(node, [...(this.#unknown.get(node) ?? []), unknown])
  }

  mend(): void {
    this.#awayUntil = -Infinity
    this.#slow = { upToMs: 0, until: 0 }
    this.#unknown.clear()
  }

  /** One process's log. */
  open(process: Process): RoomLog {
    const store = this.#store
    const call = <T>(what: string, work: () => T) => this.#call(process, what, work, null)
    return {
      id: LOG_ID,
      epoch: (shard) => call('asks for an epoch', () => store.epoch(shard)),
      acquire: async (shard, epoch) => {
        const writer: Writer = { node: process.node, shard, epoch }
        await call(`acquires ${shard} at ${epoch}`, () => store.acquire(writer))
        return {
          shard,
          epoch,
          append: (batch) => {
            const fate = this.#unknown.get(process.node)?.shift() ?? null
            return this.#call(process, `appends to ${shard} at ${epoch}`, () => store.append(writer, batch), fate)
          },
          find: (room, id) => call(`finds a command in ${room}`, () => store.find(room, id)),
          load: (room) => call(`loads ${room}`, () => store.load(room)),
          ids: (room, limit) => call(`reads ids of ${room}`, () => store.ids(room, limit)),
          snapshot: (room, snapshot) => call(`keeps ${room}`, () => store.snapshot(writer, room, snapshot)),
          deadlines: () => call('asks for deadlines', () => store.deadlines(shard)),
        }
      },
      head: (room) => call('asks for a head', () => store.entries(room).length),
      read: (room, slice) => call(`reads ${room}`, () => store.read(room, slice)),
      amendments: (room, amended) => call(`reads changes of ${room}`, () => store.amendments(room, amended)),
      seqAt: (room, at) => call(`reads times of ${room}`, () => store.seqAt(room, at)),
      close: async () => {},
    }
  }

  #call<T>(process: Process, what: string, work: () => T, unknown: UnknownAppend | null): Promise<T> {
    const chance = this.#draws.of(`log ${process.node}`)
    const label = `${process.name} ${what}`
    return process.ask<T>(({ resolve, reject }) => {
      let over = false
      const settle = (run: () => void) => {
        if (over) return
        over = true
        timer.cancel()
        process.take(label, run)
      }
      const timer = this.#scheduler.after(CALL_MS, label, () =>
        settle(() => reject(new Error('The log did not answer in time.'))),
      )
      const answer = (run: () => void) => {
        this.#scheduler.after(this.#journeyMs(chance), label, () => {
          if (this.#network.reaches(process.node, 'log')) settle(run)
        })
      }
      const carryOut = () => {
        if (over) this.fates.landedLate++
        try {
          const value = work()
          answer(() => resolve(value))
        } catch (error) {
          answer(() => reject(error instanceof Error ? error : new Error(String(error))))
        }
      }
      if (unknown !== null) {
        this.fates.unknown++
        const broken = () => settle(() => reject(new Error('The connection to the log broke.')))
        this.#scheduler.after(this.#journeyMs(chance) + chance.between(0, CALL_MS / 2), label, broken)
        if (unknown.lands === 'never') return
        const lateMs = unknown.lands === 'late' ? unknown.lateMs : 0
        this.#scheduler.after(this.#journeyMs(chance) + lateMs, `${label}, unknown to it`, () =>
          this.#land(label, work),
        )
        return
      }
      const arrive = () => {
        if (!this.#network.reaches(process.node, 'log')) return
        if (this.#scheduler.now >= this.#awayUntil) return carryOut()
        if (chance.hits(TURNED_DOWN)) {
          this.fates.turnedDown++
          return answer(() => reject(new Error('The log is away.')))
        }
        // Taken by a machine in between, which hands it on when the log is back.
        const backAt = this.#awayUntil + chance.between(0, RETRY_MS)
        this.#scheduler.at(backAt, label, carryOut)
      }
      this.#scheduler.after(this.#journeyMs(chance), label, arrive)
    })
  }

  /** Carried out when nobody hears of it any more; the log's own no is no news to anyone. */
  #land(label: string, work: () => unknown): void {
    if (this.#scheduler.now < this.#awayUntil)
      return void this.#scheduler.at(this.#awayUntil, label, () => this.#land(label, work))
    this.fates.landedLate++
    try {
      work()
    } catch {
      // Refused by the fence, or for its place: as if it had never been sent.
    }
  }

  #journeyMs(chance: Draw): number {
    const { upToMs, until } = this.#slow
    const slowMs = this.#scheduler.now < until ? chance.between(0, upToMs / 2) : 0
    return journeyMs(chance) + slowMs
  }
}
