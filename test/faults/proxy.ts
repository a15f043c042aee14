import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** `there` is towards the engine, `back` is its answers. */
export type Direction = 'there' | 'back'

const LOOPBACK = '127.0.0.1'

/**
 * A TCP path to one engine that can be made worse: slow, cut, or silent in one direction or both while its connections stay open.
 * What a silent path took in is delivered when it resumes, as TCP does after a partition.
 */
export class Proxy implements AsyncDisposable {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  readonly #silent = new Set<Direction>()
  #latencyMs = 0
  #open = true

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (!this.#open) return void near.resetAndDestroy()
      const pair = new Pair(near, connect(port, LOOPBACK), this.#latencyMs, this.#silent)
      this.#pairs.add(pair)
      void pair.over.then(() => this.#pairs.delete(pair))
    })
  }

  /** In front of a port of loopback. */
  static async to(port: number): Promise<Proxy> {
    const proxy = new Proxy(port)
    proxy.#server.listen(0, LOOPBACK)
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Connections that go over it now. */
  get connections(): number {
    return this.#pairs.size
  }

  /** Added to each direction, for what is sent from now on. */
  delay(latencyMs: number): void {
    this.#latencyMs = latencyMs
    for (const pair of this.#pairs) pair.delay(latencyMs)
  }

  /** Resets every connection and each new one, until `resume`. */
  cut(): void {
    this.#open = false
    for (const pair of this.#pairs) pair.destroy()
  }

  /** Nothing comes through any more, and nobody is told, until `resume`. */
  silence(...directions: Direction[]): void {
    for (const direction of directions) this.#silent.add(direction)
    for (const pair of this.#pairs) pair.silence(this.#silent)
  }

  /** As good as new. */
  resume(): void {
    this.#open = true
    this.#silent.clear()
    for (const pair of this.#pairs) pair.silence(this.#silent)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** One connection and its other half. */
class Pair {
  readonly over: Promise<void>
  readonly #there: Pump
  readonly #back: Pump

  constructor(near: Socket, far: Socket, latencyMs: number, silent: ReadonlySet<Direction>) {
    this.#there = new Pump(near, far)
    this.#back = new Pump(far, near)
    this.over = Promise.all(
      [near, far].map((socket) => new Promise<void>((end) => socket.once('close', () => end()))),
    ).then(() => undefined)
    this.delay(latencyMs)
    this.silence(silent)
  }

  delay(latencyMs: number): void {
    this.#there.latencyMs = latencyMs
    this.#back.latencyMs = latencyMs
  }

  silence(silent: ReadonlySet<Direction>): void {
    this.#there.hold(silent.has('there'))
    this.#back.hold(silent.has('back'))
  }

  destroy(): void {
    this.#there.destroy()
    this.#back.destroy()
  }
}

/** Carries what one socket says to another, its end included. */
class Pump {
  latencyMs = 0
  readonly #from: Socket
  readonly #to: Socket
  #held = false
  /** What was taken in while held; null stands for the end. */
  #kept: (Buffer | null)[] = []
  /** What is under way comes out in its order, whatever became of the latency meanwhile. */
  #dueAt = 0

  constructor(from: Socket, to: Socket) {
    this.#from = from
    this.#to = to
    from.setNoDelay(true)
    from.on('data', (chunk: Buffer) => this.#take(chunk))
    from.on('close', () => this.#take(null))
    from.on('error', () => undefined)
    to.on('drain', () => this.#read())
  }

  hold(held: boolean): void {
    this.#held = held
    if (held) return void this.#from.pause()
    const kept = this.#kept
    this.#kept = []
    for (const chunk of kept) this.#take(chunk)
    this.#read()
  }

  destroy(): void {
    this.#kept = []
    this.#held = false
    this.#from.resetAndDestroy()
  }

  #read(): void {
    if (!this.#held) this.#from.resume()
  }

  #take(chunk: Buffer | null): void {
    if (this.#held) return void this.#kept.push(chunk)
    const now = performance.now()
    this.#dueAt = Math.max(this.#dueAt, now + this.latencyMs)
    const waitMs = this.#dueAt - now
    if (waitMs <= 0) this.#give(chunk)
    // Node's timers count whole milliseconds and may be up to one early.
    else setTimeout(() => this.#give(chunk), Math.ceil(waitMs) + 1)
  }

  #give(chunk: Buffer | null): void {
    // It was under way when the path fell silent.
    if (this.#held) return void this.#kept.push(chunk)
    if (chunk === null) return this.#to.destroySoon()
    if (!this.#to.write(chunk)) this.#from.pause()
  }
}
