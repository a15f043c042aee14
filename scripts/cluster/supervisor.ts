import { buildWeb } from '../build-web.ts'
import { warmCompileCache } from '../compile-cache.ts'
import type { ClusterOptions } from './arguments.ts'
import { Cluster } from './cluster.ts'
import { serveControl, type Control, type Order } from './control.ts'
import { ensureEngines } from './engines.ts'
import { markOf, type Mark } from './mark.ts'
import { endRemains } from './remains.ts'
import { ClusterError, removeFolder, writeState, type ClusterStatus } from './state.ts'

/** To the process that started it. */
export type SupervisorMessage =
  | { type: 'progress'; line: string }
  | { type: 'ready'; status: ClusterStatus }
  | { type: 'failed'; message: string }
/** From that process. Once it has said `detach`, it may go; if it goes before, everything is ended. */
export type SupervisorOrder = { type: 'detach' } | { type: 'end'; keep: boolean }

/** Watches over a cluster in a process of its own, out of reach of the terminal's Ctrl-C, which would hit everything at once. */
class Supervisor {
  readonly #options: ClusterOptions
  readonly #self: Mark
  #cluster: Cluster | null = null
  #control: Control | null = null
  #detached = false
  #ending = false
  #written: Promise<void> = Promise.resolve()

  constructor(options: ClusterOptions, self: Mark) {
    this.#options = options
    this.#self = self
  }

  async run(): Promise<void> {
    process.on('message', (order: SupervisorOrder) => {
      if (order.type === 'detach') this.#detached = true
      else void this.end(order.keep)
    })
    process.on('disconnect', () => {
      if (!this.#detached) void this.end(true)
    })
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void this.end(true))
    const progress = (line: string) => this.#tell({ type: 'progress', line })
    // The installers have something to say as well.
    console.log = progress
    await this.#write()
    try {
      await ensureEngines(this.#options.log)
      await buildWeb(process.stderr)
      await warmCompileCache()
      const cluster = await Cluster.start(this.#options, { progress, changed: () => void this.#write() })
      this.#cluster = cluster
      this.#control = await serveControl((order) => this.#obey(order))
      await this.#write()
      this.#tell({ type: 'ready', status: await cluster.status() })
    } catch (error) {
      if (this.#ending) return
      if (!(error instanceof ClusterError)) console.error(error)
      this.#tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
      await this.end(false)
    }
  }

  /** Everything, and this process last. Without `keep` the folder goes, too. */
  async end(keep: boolean): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    const marks = this.#cluster?.marks ?? []
    this.#control?.close()
    // What is being started has no owner yet, and goes with the remains.
    await this.#cluster?.[Symbol.asyncDispose]().catch((error: unknown) => console.error(error))
    const left = await endRemains(this.#options.data, marks)
    await this.#written
    if (left.length > 0) {
      console.error('These do not end:', left)
      process.exit(1)
    }
    if (keep) await writeState(this.#options.data, { version: 1, supervisor: null, control: null, marks: [] })
    else await removeFolder(this.#options.data)
    process.exit(0)
  }

  async #obey(order: Order): Promise<unknown> {
    const cluster = this.#cluster
    if (cluster === null || this.#ending) throw new ClusterError('The cluster is about to end.')
    switch (order.do) {
      case 'status':
        return await cluster.status()
      case 'add':
        return await cluster.add(order)
      case 'down':
        // After the answer, which is only that it was understood.
        setImmediate(() => void this.end(order.keep))
        return null
      default:
        await cluster.act(order.do, order.name)
        await this.#write()
        return null
    }
  }

  #tell(message: SupervisorMessage): void {
    if (process.connected) process.send?.(message)
    if (message.type === 'progress') console.error(message.line)
  }

  /** One after the other, each with what is so when its turn comes. */
  #write(): Promise<void> {
    this.#written = this.#writeAfter(this.#written)
    return this.#written
  }

  async #writeAfter(before: Promise<void>): Promise<void> {
    await before
    if (this.#ending) return
    const control = this.#control?.address ?? null
    const marks = this.#cluster?.marks ?? []
    try {
      await writeState(this.#options.data, { version: 1, supervisor: this.#self, control, marks })
    } catch (error) {
      // The cluster goes on; later commands may not find it.
      console.error(error)
    }
  }
}

const self = await markOf(process.pid)
if (self === null) throw new Error('This process cannot find itself in /proc.')
await new Supervisor(JSON.parse(process.argv[2] ?? '') as ClusterOptions, self).run()
