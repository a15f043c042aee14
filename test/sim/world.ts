import { LIMITS } from '@plenary/kinds'
import type { RoomId, RoomSpec } from '@plenary/kinds'
import { keysUnder, parseNode, parseShard, ROOT } from '../../packages/engine/src/placement/etcd-keys.ts'
import { memoryRegistry } from '../../packages/engine/src/registry/registry-memory.ts'
import { BusNetwork } from './bus.ts'
import { accessOf, BEGAN_AT, nodeOf, roomOf, zoneName } from './cast.ts'
import { createChecker } from './checker.ts'
import { Draws } from './draws.ts'
import type { Ending, Happening, Onlooker, Violation } from './happening.ts'
import { LeaseService } from './lease-service.ts'
import { LogService } from './log-service.ts'
import { LogStore } from './log-store.ts'
import { Network } from './network.ts'
import { SimulatedNode } from './node.ts'
import { nodeLogger } from './node-logger.ts'
import { Person } from './person.ts'
import type { Act, Plan } from './plan.ts'
import type { Play } from './play.ts'
import { Platform } from './platform.ts'
import { Scheduler } from './scheduler.ts'
import { Trace } from './trace.ts'
import { Wires } from './wires.ts'

export interface RunOptions {
  /** Looks on instead of the checker. */
  onlooker?: Onlooker
  /** What people do in place of talking; then somebody else than the checker looks on. */
  play?: Play
  /** Whether the lines of the trace are kept, for people to read. */
  trace?: boolean
  /** Ends at the step in which the onlooker finds something; so it does by default. */
  stopAtViolation?: boolean
}

export interface Outcome {
  steps: number
  /** Simulated milliseconds that it took. */
  tookMs: number
  /** Of the whole trace: the same plan gives the same. */
  hash: string
  violations: readonly Violation[]
  trace: readonly string[]
  figures: Record<string, number>
}

/** Everyone has converged when nothing was done or has landed for so long, and nobody waits for anything; longer than any repair takes. */
const QUIET_MS = 12_000
const LOOK_MS = 500
/** Every living gateway learns of a kick within this. */
const KICK_MS = 500
/** For so long the holder of a lost lease hears nothing of the lease service. */
const UNTOLD_MS = 3_000
/** Long enough for a lease to run out. */
const LEASE_OUT_MS = 7_000

/**
 * Runs a plan: a whole cluster of real nodes and people with the real SDK, in one thread, on a clock of its own. One at a time in a process,
 * because the limits that a plan sets low are everyone's.
 */
export async function run(plan: Plan, options: RunOptions): Promise<Outcome> {
  const limits = LIMITS as Record<string, number>
  const real = { ...limits }
  Object.assign(limits, plan.shape.limits)
  try {
    return await new World(plan, options).run()
  } finally {
    Object.assign(limits, real)
  }
}

class World {
  readonly #plan: Plan
  readonly #options: RunOptions
  readonly #onlooker: Onlooker
  readonly #trace: Trace
  readonly #scheduler: Scheduler
  readonly #draws: Draws
  readonly #network = new Network()
  readonly #leases: LeaseService
  readonly #store: LogStore
  readonly #log: LogService
  readonly #bus: BusNetwork
  readonly #wires: Wires
  readonly #nodes: SimulatedNode[]
  readonly #people: Person[]
  readonly #kicked: { person: number; at: number }[] = []
  readonly #counts: Record<string, number> = {}
  readonly #thrown: Violation[] = []
  #landedAt = 0

  constructor(plan: Plan, options: RunOptions) {
    const { shape, seed } = plan
    this.#plan = plan
    this.#options = options
    this.#onlooker = options.onlooker ?? createChecker(plan)
    this.#trace = new Trace(options.trace === true)
    const scheduler = (this.#scheduler = new Scheduler(this.#trace))
    const draws = (this.#draws = new Draws(seed))
    const tell = (happening: Happening) => this.#tell(happening)
    this.#leases = new LeaseService(scheduler)
    this.#store = new LogStore(shape.log, tell)
    this.#log = new LogService(scheduler, this.#network, draws, this.#store)
    this.#bus = new BusNetwork(scheduler, this.#network, draws)
    const registry = memoryRegistry({
      now: () => BEGAN_AT,
      monotonic: () => scheduler.now,
      random: () => 0,
      uuid: () => '',
      after: (ms, work) => scheduler.after(ms, 'registry', work),
      every: (ms, work) => scheduler.after(ms, 'registry', work),
      defer: (work) => void scheduler.after(0, 'registry', work),
    })
    const logger = nodeLogger((line) => this.#trace.remark(scheduler.now, line))
    const rooms = roomsOf(plan, options.play)
    this.#nodes = Array.from(
      { length: shape.nodes },
      (_, number) =>
        new SimulatedNode(
          {
            scheduler,
            draws,
            network: this.#network,
            bus: this.#bus,
            leases: this.#leases,
            log: this.#log,
            registry,
            shape,
            rooms,
            kicked: () => this.#kicked,
            tell,
            livingByName: (name) => this.#nodes.find(({ number: n }) => nodeOf(n) === name)?.living ?? null,
            logger,
          },
          number,
        ),
    )
    this.#wires = new Wires({
      scheduler,
      draws,
      tell,
      gatewayAt: (url) => {
        const living = this.#nodes.find((node) => node.url === url)?.living ?? null
        return living === null ? null : { process: living.process, reception: living.node.reception }
      },
    })
    const platform = new Platform({
      scheduler,
      draws,
      shape,
      doors: () => this.#nodes.flatMap(({ living }) => (living?.node.ready === true ? [living] : [])),
      isKicked: (person) => this.#kicked.some((each) => each.person === person),
    })
    this.#people = Array.from(
      { length: shape.people },
      (_, person) =>
        new Person(
          { scheduler, draws, platform, wires: this.#wires, rooms: shape.rooms, play: options.play, tell },
          person,
        ),
    )
  }

  async run(): Promise<Outcome> {
    const { shape, acts } = this.#plan
    const { stopAtViolation = true } = this.#options
    const onlooker = this.#onlooker
    const onThrown = (error: unknown) => this.#noteThrown(error)
    process.on('unhandledRejection', onThrown)
    process.on('uncaughtException', onThrown)
    try {
      this.#begin()
      const lastActMs = Math.max(shape.calmAtMs, acts.at(-1)?.at ?? 0)
      const found = () => onlooker.violations.length + this.#thrown.length > 0
      let lookAt = lastActMs + QUIET_MS
      const over = () => {
        if (stopAtViolation && found()) return true
        if (this.#scheduler.now < lookAt) return false
        lookAt = this.#scheduler.now + LOOK_MS
        return this.#converged()
      }
      await this.#scheduler.run(shape.durationMs, over)
      if (!(stopAtViolation && found())) onlooker.finish(this.#ending())
    } finally {
      process.off('unhandledRejection', onThrown)
      process.off('uncaughtException', onThrown)
    }
    return {
      steps: this.#scheduler.steps,
      tookMs: Math.round(this.#scheduler.now),
      hash: this.#trace.sum,
      violations: [...this.#thrown, ...onlooker.violations],
      trace: this.#trace.lines,
      figures: this.#figures(),
    }
  }

  #begin(): void {
    const { acts, shape } = this.#plan
    for (const node of this.#nodes) {
      const delayMs = this.#draws.of(`start ${node.number}`).between(0, 200)
      this.#scheduler.after(delayMs, `node-${node.number} is started`, () => node.start())
    }
    for (const [number, person] of this.#people.entries()) {
      const delayMs = this.#draws.of(`open ${number}`).between(300, 900)
      this.#scheduler.after(delayMs, `person-${number} opens the page`, () => person.open())
    }
    this.#scheduler.at(shape.calmAtMs, 'all is mended', () => this.#mend())
    for (const act of acts) this.#scheduler.at(act.at, JSON.stringify(act), () => this.#do(act))
  }

  #do(act: Act): void {
    const person = 'person' in act ? this.#people[act.person] : undefined
    const node = 'node' in act ? this.#nodes[act.node] : undefined
    const time = this.#scheduler
    switch (act.do) {
      case 'say':
        return person?.say({ room: roomOf(act.room), type: act.type, body: act.body })
      case 'vanish':
        return person?.vanish()
      case 'return':
        return person?.open()
      case 'hang-up':
        return this.#wires.hangUp(act.person, act.silentMs)
      case 'stall':
        return person?.stall(act.forMs)
      case 'kick':
        return this.#kick(act.person)
      case 'crash':
        return node?.crash()
      case 'crash-at-call':
        return node?.crashAtCall(act.call, this.#draws.of(`trap ${act.node}`).hits(0.5))
      case 'pause':
        return node?.pause(
          act.forMs,
          this.#draws.of(`pause ${act.node}`).oneOf(['now', 'before a call', 'after a call']),
        )
      case 'restart':
        return node?.start()
      case 'drain':
        return node?.drain()
      case 'wall-jump':
        return node?.clock.jump(act.byMs)
      case 'drift':
        return node?.clock.drift(act.ppm)
      case 'bus-weather':
        return void time.after(act.forMs, 'the weather is over', this.#network.setWeather(act))
      case 'partition':
        return void time.after(act.forMs, 'a partition is over', this.#network.partition(act.a, act.b))
      case 'cut-off':
        return this.#cutOff(act.node, act.from, act.forMs)
      case 'lease-lost':
        return this.#loseLease(act.node)
      case 'move':
        return this.#move(zoneName(act.zone), act.shard, act.to)
      case 'log-away':
        return this.#log.goAway(act.forMs)
      case 'log-slow':
        return this.#log.beSlow(act.upToMs, act.forMs)
      case 'append-unknown':
        return this.#log.failNext(act.node, act)
    }
  }

  #cutOff(node: number, from: 'bus' | 'log' | 'leases', forMs: number): void {
    const end = this.#network.cutOff(node, from)
    this.#scheduler.after(forMs, `node-${node} reaches the ${from} again`, () => {
      end()
      if (from === 'bus') this.#bus.reachedAgain(node)
    })
  }

  /**
   * Where only its clock keeps an owner from acknowledging too late, a lease ends as leases do: by not being renewed. Where the log
   * judges, it may go from one moment to the next.
   */
  #loseLease(node: number): void {
    if (this.#plan.shape.log === 'leased') return this.#cutOff(node, 'leases', LEASE_OUT_MS)
    const item = this.#leases.get(keysUnder(ROOT).nodes + nodeOf(node))
    if (item === null || parseNode(item.value) === null) return
    this.#cutOff(node, 'leases', UNTOLD_MS)
    this.#leases.revoke(item.lease)
  }

  /** As the balancer does it. */
  #move(zone: string, shard: number, to: number): void {
    const item = this.#leases.get(keysUnder(ROOT).shards(zone) + String(shard))
    const record = item === null ? null : parseShard(item.value)
    if (item === null || record === null || record.owner === null || this.#nodes[to]?.zone !== zone) return
    const wanted = { ...record, wanted: nodeOf(to) }
    const { key, modRevision } = item
    this.#leases.txn([{ key, modRevision }], [{ key, value: JSON.stringify(wanted) }])
  }

  #kick(person: number): void {
    const at = Math.floor(BEGAN_AT + this.#scheduler.now)
    this.#kicked.push({ person, at })
    for (const node of this.#nodes) {
      const delayMs = this.#draws.of(`kick ${node.number}`).between(0, KICK_MS)
      this.#scheduler.after(delayMs, `node-${node.number} hears of a kick`, () => node.kick(person, at))
    }
  }

  #mend(): void {
    const apart = this.#nodes.filter(({ number }) => !this.#network.reaches(number, 'bus'))
    this.#network.mend()
    for (const { number } of apart) this.#bus.reachedAgain(number)
    this.#log.mend()
    for (const node of this.#nodes) node.mend()
    for (const person of this.#people) {
      person.goOn()
      person.open()
    }
  }

  #converged(): boolean {
    if (this.#scheduler.now - this.#landedAt < QUIET_MS) return false
    const { someDeadUntold, someUnanswered } = this.#wires
    return !someDeadUntold && !someUnanswered && this.#people.every((person) => person.settled)
  }

  #ending(): Ending {
    return {
      now: Math.floor(BEGAN_AT + this.#scheduler.now),
      rooms: this.#store.rooms.map((room) => ({ room, entries: this.#store.entries(room) })),
      people: this.#people.map((person) => person.atEnd()),
    }
  }

  #tell(happening: Happening): void {
    this.#counts[happening.what] = (this.#counts[happening.what] ?? 0) + 1
    const { now, steps } = this.#scheduler
    if (happening.what === 'landed') this.#landedAt = now
    this.#trace.add(now, happening.what)
    this.#trace.remark(now, () => JSON.stringify(happening))
    this.#onlooker.note({ ...happening, at: now, step: steps })
  }

  #noteThrown(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#thrown.push({ promise: 'thrown', step: this.#scheduler.steps, at: this.#scheduler.now, text })
  }

  #figures(): Record<string, number> {
    const { lost, doubled, late } = this.#bus.fates
    const { unknown, landedLate, turnedDown } = this.#log.fates
    return { ...this.#counts, lost, doubled, late, unknown, landedLate, turnedDown }
  }
}

function roomsOf({ shape }: Plan, play: Play | undefined): Map<RoomId, RoomSpec & { zone: string }> {
  return new Map(
    Array.from({ length: shape.rooms }, (_, room) => [
      roomOf(room),
      {
        kind: play?.kind.name ?? 'tally',
        settings: play?.settings ?? {},
        access: accessOf(room, shape),
        zone: zoneName(room % shape.zones),
      },
    ]),
  )
}
