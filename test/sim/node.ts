import { document, kindTable } from '@plenary/kinds'
import type { Identity, RoomId, RoomSpec } from '@plenary/kinds'
import type { Logger } from 'pino'
import { noMetrics } from '../../packages/engine/src/metrics.ts'
import { createNode } from '../../packages/engine/src/node.ts'
import type { PlenaryNode } from '../../packages/engine/src/node.ts'
import { shardName } from '../../packages/engine/src/owner/orders.ts'
import { startBalancer } from '../../packages/engine/src/placement/balancer.ts'
import { standForElection } from '../../packages/engine/src/placement/election.ts'
import { etcdPlacement } from '../../packages/engine/src/placement/placement-etcd.ts'
import { startMonitor } from '../../packages/engine/src/registry/monitor.ts'
import type { Registry } from '../../packages/engine/src/registry/registry.ts'
import { tally } from '../../packages/engine/src/testing/tally.ts'
import type { BusNetwork } from './bus.ts'
import { EVENT, nodeOf, userOf, zoneName } from './cast.ts'
import type { Draws } from './draws.ts'
import type { NodeHappening } from './happening.ts'
import { leaseClient } from './lease-client.ts'
import type { LeaseService } from './lease-service.ts'
import type { LogService } from './log-service.ts'
import { journeyMs } from './network.ts'
import type { Network } from './network.ts'
import { MachineClock, nodeRuntime } from './node-clock.ts'
import type { Shape } from './plan.ts'
import { Process } from './process.ts'
import { registryClient } from './registry-client.ts'
import type { Scheduler } from './scheduler.ts'

export interface NodeDeps {
  scheduler: Scheduler
  draws: Draws
  network: Network
  bus: BusNetwork
  leases: LeaseService
  log: LogService
  registry: Registry
  shape: Shape
  rooms: ReadonlyMap<RoomId, RoomSpec & { zone: string }>
  /** People who have been turned away by now. */
  kicked(): readonly { person: number; at: number }[]
  tell(happening: NodeHappening): void
  /** The process of the node of this name, if there is one. */
  livingByName(name: string): { process: Process; node: PlenaryNode } | null
  logger: Logger
}

interface Living {
  process: Process
  node: PlenaryNode
  stop(): Promise<void>
}

/** Machines were started at different times, so their monotonic clocks say nothing to each other. */
const STARTED_MS_MAX = 10_000_000
/** Whoever watches over processes starts one that could not start again after so long. */
const START_AGAIN_MS = 1_000
/** A pause that found no call to begin at begins after so long. */
const PAUSE_WAITS_MS = 100

/** One machine, and on it one process at a time with the real engine in it. */
export class SimulatedNode {
  readonly number: number
  readonly clock: MachineClock
  readonly #deps: NodeDeps
  #living: Living | null = null
  #startsAgain = false
  #count = 0

  constructor(deps: NodeDeps, number: number) {
    this.#deps = deps
    this.number = number
    this.clock = new MachineClock(deps.scheduler, deps.draws.of(`machine ${number}`).between(0, STARTED_MS_MAX))
  }

  get url(): string {
    return `http://${nodeOf(this.number)}.invalid/`
  }

  get zone(): string {
    return zoneName(this.number % this.#deps.shape.zones)
  }

  /** Its process, if it has one; it may stand still. */
  get living(): Living | null {
    return this.#living
  }

  /** One that is on its way out is followed by another. */
  start(): void {
    if (this.#living !== null) {
      this.#startsAgain = this.#living.node.state === 'draining'
      return
    }
    this.#startsAgain = false
    const { scheduler } = this.#deps
    const process = new Process(scheduler, this.number, ++this.#count)
    const living = this.#build(process)
    this.#living = living
    this.#deps.tell({ what: 'node', node: this.number, up: true, why: 'start' })
    for (const { person, at } of this.#deps.kicked()) this.#voidTickets(living, person, at)
    living.node.start().catch((error: unknown) => {
      this.#deps.logger.error({ err: error }, `${process.name} could not start`)
      if (this.#living !== living) return
      this.#ended(living, 'crash')
      scheduler.after(START_AGAIN_MS, `node-${this.number} is started again`, () => this.start())
    })
  }

  crash(): void {
    if (this.#living !== null) this.#ended(this.#living, 'crash')
  }

  crashAtCall(call: number, after: boolean): void {
    this.#living?.process.trap(call, after, () => this.crash())
  }

  /** At once, or at its next call, before or after that. */
  pause(forMs: number, at: 'now' | 'before a call' | 'after a call'): void {
    const { process } = this.#living ?? {}
    if (process === undefined || process.stands) return
    const { scheduler } = this.#deps
    let over = false
    const begin = () => {
      if (process.ended || process.stands || over) return
      over = true
      process.pause()
      scheduler.after(forMs, `${process.name} goes on`, () => process.goOn())
    }
    if (at === 'now') return begin()
    process.trap(1, at === 'after a call', begin)
    scheduler.after(PAUSE_WAITS_MS, `${process.name} stands still at last`, begin)
  }

  /** Whatever was done to it is over, and it runs. */
  mend(): void {
    this.#living?.process.disarm()
    this.#living?.process.goOn()
    this.clock.setRight()
    this.start()
  }

  /** A planned stop. */
  drain(): void {
    const living = this.#living
    if (living === null || living.node.state !== 'ready') return
    void living.stop().then(() => {
      if (this.#living !== living) return
      this.#ended(living, 'stop')
      if (this.#startsAgain) this.start()
    })
  }

  kick(person: number, at: number): void {
    if (this.#living !== null) this.#voidTickets(this.#living, person, at)
  }

  #voidTickets({ process, node }: Living, person: number, at: number): void {
    process.take(`${process.name} learns of a kick`, () => {
      node.voidTickets({ event: EVENT, user: userOf(person), code: 'kicked', at })
      this.#deps.tell({ what: 'kicked', node: this.number, person })
    })
  }

  #ended(living: Living, why: 'crash' | 'stop'): void {
    this.#living = null
    living.process.end()
    this.#deps.tell({ what: 'node', node: this.number, up: false, why })
  }

  #build(process: Process): Living {
    const { scheduler, draws, network, shape, registry: shared, logger } = this.#deps
    const id = nodeOf(this.number)
    const { zone } = this
    const runtime = nodeRuntime(scheduler, process, this.clock, draws.of(process.name))
    const bus = this.#deps.bus.open(process, runtime)
    const log = this.#deps.log.open(process)
    const registry = registryClient({ shared, scheduler, network, process, draw: draws.of(`registry ${id}`) })
    const client = leaseClient({
      service: this.#deps.leases,
      scheduler,
      network,
      process,
      runtime,
      draw: draws.of(`leases ${id}`),
    })
    const { shards } = shape
    const epochOf = (shard: number) => log.epoch(shardName(zone, shard))
    const placement = etcdPlacement({ client, runtime, logger, node: id, zone, shards, epochOf })
    const balancer = startBalancer({ client, runtime, logger, zone, node: id })
    const node = createNode({
      id,
      zone,
      url: this.url,
      runtime,
      bus,
      log,
      placement,
      registry,
      directory: this.#directory(process),
      kinds: kindTable([tally, document]),
      // Few are in a room here, and whatever may come between two of them shall.
      tellAtOnce: 1,
      verifyTicket: async (ticket) => JSON.parse(ticket) as Identity,
      originAllowed: () => true,
      logger,
      metrics: noMetrics,
    })
    const election = standForElection({
      client,
      runtime,
      logger,
      office: 'monitor',
      node: id,
      lead: ({ ended }) =>
        new Promise((resolve) => {
          if (ended.aborted) resolve()
          else ended.addEventListener('abort', () => resolve(), { once: true })
        }),
    })
    const monitor = startMonitor({
      registry,
      bus,
      leader: { leading: () => election.isLeader },
      runtime,
      logger,
      metrics: noMetrics,
      probe: ({ node: other }) => this.#probe(process, other),
    })
    return {
      process,
      node,
      async stop() {
        await node.stop()
        await monitor.close()
        await election.close()
        await balancer.close()
        await bus.close()
      },
    }
  }

  /** Another node's word that it takes work. */
  #probe(process: Process, other: string): Promise<boolean> {
    const { scheduler, draws, network } = this.#deps
    const draw = draws.of(`probe ${this.number}`)
    const label = `${process.name} probes ${other}`
    return process.ask(({ resolve }) => {
      scheduler.after(journeyMs(draw), label, () => {
        const asked = this.#deps.livingByName(other)
        if (asked === null || !network.joins(process.node, asked.process.node)) return
        asked.process.take(label, () => {
          const ready = asked.node.ready
          asked.process.call(
            () => void scheduler.after(journeyMs(draw), label, () => process.take(label, () => resolve(ready))),
          )
        })
      })
    })
  }

  #directory(process: Process) {
    const { scheduler, draws, rooms, shape } = this.#deps
    const draw = draws.of(`directory ${this.number}`)
    const label = `${process.name} looks a room up`
    const look = (room: RoomId) =>
      process.ask<(RoomSpec & { zone: string }) | null>(({ resolve }) => {
        scheduler.after(2 * journeyMs(draw), label, () => process.take(label, () => resolve(rooms.get(room) ?? null)))
      })
    const find = async (room: RoomId): Promise<RoomSpec | null> => {
      const found = await look(room)
      return found === null ? null : { kind: found.kind, settings: found.settings, access: found.access }
    }
    if (shape.zones === 1) return { find }
    return { find, zoneOf: async (room: RoomId) => (await look(room))?.zone ?? null }
  }
}
