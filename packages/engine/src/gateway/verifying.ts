import { PlenaryError } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import type { Channel } from './channel.ts'

/** Rooms that are asked for at the same time: after a loss it may be all of a gateway's. */
const AT_ONCE = 32
const RETRY_MS = 1_000

/**
 * After something may have been lost between nodes: asks how far rooms reach, each until it is told, and once for all who want it meanwhile.
 */
export class Verifying {
  readonly #runtime: Runtime
  readonly #logger: Logger
  readonly #due = new Set<Channel>()
  readonly #failed = new Set<Channel>()
  #retry: Timer | null = null
  #asking = 0
  #stopped = false

  constructor(deps: { runtime: Runtime; logger: Logger }) {
    this.#runtime = deps.runtime
    this.#logger = deps.logger
  }

  add(channels: Iterable<Channel>): void {
    if (this.#stopped) return
    for (const channel of channels) this.#due.add(channel)
    while (this.#asking < AT_ONCE && this.#due.size > 0) void this.#ask()
  }

  stop(): void {
    this.#stopped = true
    this.#retry?.cancel()
    this.#due.clear()
  }

  async #ask(): Promise<void> {
    const [channel] = this.#due
    if (channel === undefined) return
    // At once: whatever is lost from here on may not be in the answer, and is asked for anew.
    this.#due.delete(channel)
    this.#asking++
    try {
      await channel.verify()
    } catch (error) {
      this.#putOff(channel, error)
    } finally {
      this.#asking--
      this.add([])
    }
  }

  #putOff(channel: Channel, error: unknown): void {
    if (channel.closed || this.#stopped) return
    this.#logger.warn({ err: error, room: channel.room }, 'it could not be asked yet how far a room reaches')
    if (error instanceof PlenaryError && !error.temporary) return
    this.#failed.add(channel)
    this.#retry ??= this.#runtime.after(RETRY_MS, () => {
      this.#retry = null
      const again = [...this.#failed]
      this.#failed.clear()
      this.add(again)
    })
  }
}
