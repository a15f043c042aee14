import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchContext } from './benchmark.ts'
import type { DialectName, LoadCalls } from './load/load-process.ts'
import { limitInC } from './peers/limit-in-c.ts'
import type { LimitConnectCalls } from './peers/limit-connect-process.ts'
import type { LimitCalls, LimitSettings } from './peers/limit-process.ts'
import type { PlenaryCalls, PlenarySettings } from './peers/plenary-process.ts'
import type { SocketioCalls, SocketioSettings } from './peers/socketio-process.ts'
import type { TicketsCalls, TicketsSettings } from './peers/tickets-process.ts'
import type { WsCalls } from './peers/ws-process.ts'
import { Child } from './process/child.ts'
import type { Calls } from './process/calls.ts'
import type { Usage } from './process/usage.ts'

const here = (file: string) => join(import.meta.dirname, file)

/** A server that answers what it has used, whichever side it is of. */
export interface Server {
  readonly dialect: DialectName
  readonly ports: readonly number[]
  usage(): Promise<Usage>
  settledUsage(): Promise<Usage>
  /** So many tickets, where it wants any. */
  tickets(from: number, count: number): Promise<string[]>
  /** Where profiles are asked for, and it is of ours. */
  startProfile(): Promise<void>
  stopProfile(): Promise<void>
}

export interface PlenaryServer extends Server {
  historyMs: (...page: Parameters<PlenaryCalls['historyMs']>) => Promise<number>
}

/** The processes of one benchmark, and what they leave on disk; all of it is gone once this is disposed of. */
export class Stage implements AsyncDisposable {
  readonly #context: BenchContext
  readonly #stack = new AsyncDisposableStack()

  constructor(context: BenchContext) {
    this.#context = context
  }

  async load(): Promise<Child<LoadCalls>> {
    return this.#stack.use(await this.#child<LoadCalls>('load/load-process.ts'))
  }

  /** On a data folder of its own, or on this one. */
  async plenary(folder?: string): Promise<PlenaryServer> {
    const { profiles } = this.#context
    if (profiles !== null) await mkdir(profiles, { recursive: true })
    const settings: PlenarySettings = { folder: folder ?? (await this.folder()), profiles }
    const child = await this.#child<PlenaryCalls>('peers/plenary-process.ts', settings)
    return {
      historyMs: (page) => child.call('historyMs', page),
      ...(await this.#server('plenary', [child])),
      tickets: (from, count) => this.#tickets(join(settings.folder, 'secrets.json'), from, count),
      startProfile: () => child.call('startProfile'),
      stopProfile: () => child.call('stopProfile'),
    }
  }

  async #tickets(secrets: string, from: number, count: number): Promise<string[]> {
    const settings: TicketsSettings = { secrets }
    await using office = await this.#child<TicketsCalls>('peers/tickets-process.ts', settings)
    return await office.call('tickets', { from, count })
  }

  async socketio(settings: SocketioSettings = {}, count = 1): Promise<Server> {
    const children: Child<SocketioCalls>[] = []
    for (let number = 0; number < count; number++) {
      children.push(await this.#child<SocketioCalls>('peers/socketio-process.ts', settings))
    }
    return await this.#server('socketio', children)
  }

  /** One that is told the room with the handshake. */
  async socketioAtOnce(): Promise<Server> {
    return await this.#server('socketioAtOnce', [await this.#child<SocketioCalls>('peers/socketio-process.ts')])
  }

  async ws(): Promise<Server> {
    return await this.#server('bare', [await this.#child<WsCalls>('peers/ws-process.ts')])
  }

  async limit(settings: LimitSettings): Promise<Server> {
    return await this.#server('bare', [await this.#child<LimitCalls>('peers/limit-process.ts', settings)])
  }

  /** Lets people in over our protocol, and does nothing else. */
  async limitOfConnect(): Promise<Server> {
    return await this.#server('plenary', [await this.#child<LimitConnectCalls>('peers/limit-connect-process.ts')])
  }

  /** Null where it cannot be compiled. */
  async limitInC(text: string): Promise<Server | null> {
    const program = await limitInC(await this.folder(), text)
    if (program === null) return null
    this.#stack.use(program)
    const { port, usage } = program
    return { dialect: 'bare', ports: [port], usage, settledUsage: usage, ...nothingElse }
  }

  /** An empty folder. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'plenary-bench-'))
    this.#stack.defer(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  use<T extends AsyncDisposable>(owned: T): T {
    return this.#stack.use(owned)
  }

  async #child<C extends Calls>(file: string, settings: unknown = {}): Promise<Child<C>> {
    return await Child.start<C>(here(file), { settings, signal: this.#context.signal })
  }

  async #server(dialect: DialectName, children: readonly Child<ServerCalls>[]): Promise<Server> {
    for (const child of children) this.#stack.use(child)
    const sum = async (op: 'usage' | 'settledUsage'): Promise<Usage> => {
      const all = await Promise.all(children.map((child) => child.call(op)))
      return all.reduce((a, b) => ({
        cpuUs: a.cpuUs + b.cpuUs,
        rssBytes: a.rssBytes + b.rssBytes,
        heapBytes: a.heapBytes + b.heapBytes,
      }))
    }
    return {
      dialect,
      ports: await Promise.all(children.map((child) => child.call('port'))),
      usage: () => sum('usage'),
      settledUsage: () => sum('settledUsage'),
      ...nothingElse,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

const nothingElse = { tickets: async () => [], startProfile: async () => undefined, stopProfile: async () => undefined }

/** What all servers answer. */
type ServerCalls = {
  port: () => number
  usage: () => Usage
  settledUsage: () => Promise<Usage>
}

/** CPU time that a server used during some work, in microseconds. */
export async function cpuUsOf(server: Server, work: () => Promise<unknown>): Promise<number> {
  await server.startProfile()
  const before = await server.usage()
  await work()
  const after = await server.usage()
  await server.stopProfile()
  return after.cpuUs - before.cpuUs
}

/**
 * CPU time that a server used for some work, measured again and again, in microseconds: each time with all it has used since the time before, so that what it
 * puts off until nobody looks is counted as well.
 */
export async function cpuUsSince(server: Server): Promise<(work: () => Promise<unknown>) => Promise<number>> {
  let before = (await server.usage()).cpuUs
  return async (work) => {
    await work()
    const { cpuUs } = await server.usage()
    const used = cpuUs - before
    before = cpuUs
    return used
  }
}
