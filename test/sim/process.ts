import type { Scheduler } from './scheduler.ts'

/** What is to become of a process at one of its calls, and whether that call is still made. */
interface Trap {
  callsLeft: number
  /** The call itself still goes out. */
  after: boolean
  spring: () => void
}

/**
 * One process of a node. It can end or stand still at any call that it makes: from there on nothing that it does has any effect, or
 * has it only when the process goes on, and nothing comes in. Its code runs on to the end of the step all the same, which nobody
 * can tell from outside.
 */
export class Process {
  readonly node: number
  /** `node-1#2`: the third process of the second node. */
  readonly name: string
  readonly #scheduler: Scheduler
  #state: 'runs' | 'stands' | 'ended' = 'runs'
  /** What it did since it stands still; goes out when it goes on. */
  #outward: (() => void)[] = []
  /** What came to it since. */
  #inward: { label: string; run: () => void }[] = []
  #traps: Trap[] = []
  readonly #atEnd: (() => void)[] = []

  constructor(scheduler: Scheduler, node: number, count: number) {
    this.#scheduler = scheduler
    this.node = node
    this.name = `node-${node}#${count}`
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  get stands(): boolean {
    return this.#state === 'stands'
  }

  /** Called when it has ended, by whoever keeps something for it. */
  whenEnded(run: () => void): void {
    this.#atEnd.push(run)
  }

  /** A call of a port: the effect happens now, or when the process goes on, or never. */
  call(effect: () => void): void {
    const trap = this.#sprung()
    if (trap !== null && !trap.after) trap.spring()
    if (this.#state === 'runs') effect()
    else if (this.#state === 'stands') this.#outward.push(effect)
    if (trap !== null && trap.after) trap.spring()
  }

  /** A call with an answer, which comes by way of `take`. */
  ask<T>(make: (answer: { resolve(value: T): void; reject(error: Error): void }) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.call(() => make({ resolve, reject }))
    })
  }

  /** Something comes in from outside, a timer included. */
  take(label: string, run: () => void): void {
    if (this.#state === 'runs') run()
    else if (this.#state === 'stands') this.#inward.push({ label, run })
  }

  /** Springs at the n-th call from now on. */
  trap(callsLeft: number, after: boolean, spring: () => void): void {
    this.#traps.push({ callsLeft, after, spring })
  }

  /** No trap springs any more. */
  disarm(): void {
    this.#traps = []
  }

  pause(): void {
    if (this.#state === 'runs') this.#state = 'stands'
  }

  goOn(): void {
    if (this.#state !== 'stands') return
    this.#state = 'runs'
    for (const effect of this.#outward.splice(0)) effect()
    for (const { label, run } of this.#inward.splice(0)) {
      this.#scheduler.after(0, label, () => this.take(label, run))
    }
  }

  end(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#outward = []
    this.#inward = []
    this.#traps = []
    for (const run of this.#atEnd.splice(0)) run()
  }

  #sprung(): Trap | null {
    if (this.#traps.length === 0 || this.#state !== 'runs') return null
    for (const trap of this.#traps) trap.callsLeft--
    const sprung = this.#traps.find((trap) => trap.callsLeft <= 0) ?? null
    this.#traps = this.#traps.filter((trap) => trap !== sprung)
    return sprung
  }
}
