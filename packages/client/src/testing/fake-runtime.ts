import type { CommandId } from '@plenary/kinds'
import type { DeviceChange, Runtime } from '../clock.ts'
import { Listeners } from '../listeners.ts'

interface Timer {
  at: number
  n: number
  run: () => void
}

/** A runtime that a test drives: time passes only in `pass`, chance comes from a seed. */
export class FakeRuntime implements Runtime {
  readonly #device = new Listeners<[DeviceChange]>()
  #timers: Timer[] = []
  #now = 1_000_000
  #made = 0
  #seed: number
  #online = true
  #watchers = 0

  constructor(seed = 1) {
    this.#seed = seed
  }

  readonly now = () => this.#now

  readonly setTimeout = (run: () => void, ms: number) => {
    const timer = { at: this.#now + Math.max(0, ms), n: this.#made++, run }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
  }

  /** Mulberry32, public domain, by Tommy Ettinger. */
  readonly random = () => {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  readonly commandId = () => `00000000-0000-4000-8000-${String(this.#made++).padStart(12, '0')}` as CommandId

  readonly online = () => this.#online

  readonly watchDevice = (listener: (change: DeviceChange) => void) => {
    this.#watchers++
    const cancel = this.#device.add(listener)
    return () => {
      this.#watchers--
      cancel()
    }
  }

  /** Timers and device listeners not ended yet. */
  get left(): number {
    return this.#timers.length + this.#watchers
  }

  device(change: DeviceChange): void {
    if (change === 'online' || change === 'offline') this.#online = change === 'online'
    this.#device.tell(change)
  }

  /** Lets so much time pass, timer by timer, and all that follows at once from each. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      await settle()
      const [next] = this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at || a.n - b.n)
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = until
    await settle()
  }
}

/** Everything that promises have to do at once. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
