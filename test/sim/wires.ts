import { toFailure } from '@plenary/kinds'
import type {
  Failure,
  JoinAnswer,
  JoinRequest,
  Joined,
  SendAnswer,
  SendRequest,
  ServerEvents,
  Welcome,
} from '@plenary/kinds'
import { EarlyJoins } from '../../packages/client/src/early-joins.ts'
import type { Address, ServerMessage, Transport, Wire, WireListener } from '../../packages/client/src/transport.ts'
import type { ClientSocket, Arrival, Received, Reception } from '../../packages/engine/src/gateway/client-socket.ts'
import type { Outgoing } from '../../packages/engine/src/gateway/outgoing.ts'
import { RawJson } from '../../packages/engine/src/gateway/raw-json.ts'
import type { Device } from './device.ts'
import type { Draw, Draws } from './draws.ts'
import type { WireHappening } from './happening.ts'
import type { Process } from './process.ts'
import type { Due, Scheduler } from './scheduler.ts'

/** What a wire leads to. */
export interface Gateway {
  process: Process
  reception: Reception
}

export interface WiresDeps {
  scheduler: Scheduler
  draws: Draws
  tell(happening: WireHappening): void
  /** Who listens at this address now. */
  gatewayAt(url: string): Gateway | null
}

/** A machine whose other end has died without a word is told so by its own clock alone. */
const SILENCE_MS_MAX = 20_000
const QUIET_END = 0.2

/** The connections between devices and gateways: in order each way, and cut at any time. */
export class Wires {
  readonly #deps: WiresDeps
  readonly #open = new Map<number, Set<Connection>>()
  #count = 0

  constructor(deps: WiresDeps) {
    this.#deps = deps
  }

  /** A device's way to connect. */
  transport(device: Device): Transport {
    return {
      connect: (address, listener) => {
        const { person } = device
        const connection = new Connection(this.#deps, device, `wire-${person}-${++this.#count}`, address, listener)
        const own = this.#open.get(person) ?? new Set()
        this.#open.set(person, own.add(connection))
        connection.whenOver(() => own.delete(connection))
        return connection.wire
      },
    }
  }

  /** Nothing passes any more; both ends find out after so long. */
  hangUp(person: number, silentMs: number): void {
    for (const connection of [...(this.#open.get(person) ?? [])]) connection.breakOff(silentMs, silentMs)
  }

  /** Whether some end does not know yet that its other end is gone. */
  get someDeadUntold(): boolean {
    return [...this.#open.values()].some((own) => [...own].some((connection) => connection.deadUntold))
  }

  /** Whether someone waits for the answer to what was asked over a connection that they still have. */
  get someUnanswered(): boolean {
    return [...this.#open.values()].some((own) => [...own].some((connection) => connection.unanswered > 0))
  }

  /** The device is gone; the other end finds out now or much later. */
  vanish(person: number): void {
    const draw = this.#deps.draws.of(`wire ${person}`)
    for (const connection of [...(this.#open.get(person) ?? [])]) connection.breakOff(0, silenceMs(draw))
  }
}

function silenceMs(draw: Draw): number {
  return draw.hits(QUIET_END) ? draw.between(200, SILENCE_MS_MAX) : draw.between(1, 100)
}

/** How long a message takes between a device and a gateway. */
export function wireMs(draw: Draw): number {
  const draws = draw.next()
  return draws < 0.95 ? 2 + draws * 25 : 25 + (draws - 0.95) * 6_000
}

class Connection {
  readonly wire: Wire
  readonly #deps: WiresDeps
  readonly #device: Device
  readonly #id: string
  readonly #listener: WireListener
  readonly #draw: Draw
  readonly #atEnd: (() => void)[] = []
  /** Nothing passes any more, whatever either end believes. */
  #broken = false
  #clientOver = false
  #serverOver = false
  #gateway: Gateway | null = null
  #received: Received | null = null
  #upAt = 0
  #downAt = 0
  readonly #down: { bytes: number; run: () => void }[] = []
  #downBytes = 0
  #asked = 0
  readonly #early = new EarlyJoins((request, answer) => this.#ask('join', request, answer))
  /** What was asked for with the handshake. */
  #joins: readonly JoinRequest[] = []

  constructor(deps: WiresDeps, device: Device, id: string, address: Address, listener: WireListener) {
    this.#deps = deps
    this.#device = device
    this.#id = id
    this.#listener = listener
    this.#draw = deps.draws.of(`wire ${device.person}`)
    this.wire = {
      join: (request, answer) => {
        this.#asked++
        this.#early.join(request, (given) => {
          this.#asked--
          answer(given)
        })
      },
      leave: (request, answer) => {
        this.#early.left(request.room)
        this.#ask('leave', request, answer)
      },
      send: (request, answer) => this.#ask('send', request, answer),
      signal: (request) => this.#up(`${id} signals`, () => this.#received?.hear('signal', [plain(request)])),
      close: () => this.#closeByClient(),
    }
    this.#later(wireMs(this.#draw), `${id} says who it is`, () => {
      if (this.#broken || this.#clientOver || !device.open) return
      const { join = [] } = this.#early.ask(listener.joins?.())
      this.#joins = plain(join)
      this.#later(wireMs(this.#draw), `${id} dials`, () => this.#dial(address))
    })
  }

  get deadUntold(): boolean {
    const clientIsUntold = !this.#clientOver && (this.#broken || this.#serverOver)
    const gatewayIsUntold = this.#received !== null && !this.#serverOver && (this.#broken || this.#clientOver)
    return clientIsUntold || gatewayIsUntold
  }

  /** Questions of a device that still waits. */
  get unanswered(): number {
    return this.#clientOver ? 0 : this.#asked
  }

  whenOver(run: () => void): void {
    this.#atEnd.push(run)
  }

  breakOff(clientMs: number, serverMs: number): void {
    this.#broken = true
    this.#later(clientMs, `${this.#id} is dead to its device`, () => this.#endClient(null))
    const { process } = this.#gateway ?? {}
    const label = `${this.#id} is dead to its gateway`
    this.#later(serverMs, label, () => (process === undefined ? undefined : process.take(label, () => this.#gone())))
  }

  #dial(address: Address): void {
    if (this.#broken || this.#clientOver) return
    const gateway = this.#deps.gatewayAt(address.gateway)
    if (gateway === null) return this.#tellClient(0, () => this.#endClient(null))
    const { process, reception } = gateway
    this.#gateway = gateway
    process.whenEnded(() => this.#processEnded())
    const label = `${process.name} is dialled by ${this.#id}`
    process.take(label, () => void this.#shakeHands(gateway, reception, address.ticket))
  }

  async #shakeHands({ process }: Gateway, reception: Reception, ticket: string): Promise<void> {
    let arrival: Arrival
    try {
      arrival = await reception.handshake({ ticket, join: this.#joins })
    } catch (error) {
      const failure = toFailure(error)
      process.call(() => {
        this.#serverOver = true
        this.#tellClient(0, () => this.#endClient(failure))
      })
      return
    }
    process.call(() => {
      if (this.#serverOver) return
      this.#deps.tell({ what: 'connected', ...this.#ends() })
    })
    this.#received = reception.welcome(this.#socket(process), arrival)
  }

  #socket(process: Process): ClientSocket {
    const isConnected = () => !this.#serverOver
    const { id } = this
    return {
      id,
      get connected() {
        return isConnected()
      },
      emit: (name, ...[body]) => this.#write(process, JSON.stringify([name, body])),
      tell: (name, text) => this.#write(process, `["${name}",${text}]`),
      // A `2` stands in front of an event.
      write: (packet: Outgoing) => this.#write(process, packet.text.slice(1)),
      note: () => {},
      waitingBytes: () => (this.#device.stalled ? this.#downBytes : 0),
      end: () => {
        process.call(() => this.#tellClient(0, () => this.#endClient(null)))
        this.#gone()
      },
      cut: () => {
        process.call(() => {
          this.#broken = true
          this.#later(wireMs(this.#draw), `${id} is cut`, () => this.#endClient(null))
          this.#later(0, `${id} was cut`, () => process.take(`${id} was cut`, () => this.#gone()))
        })
      },
    }
  }

  get id(): string {
    return this.#id
  }

  #write(process: Process, text: string): void {
    process.call(() => {
      if (this.#serverOver) return
      const [name, body] = JSON.parse(text) as [keyof ServerEvents, unknown]
      const hear = (run: () => void) =>
        this.#tellClient(text.length, () => this.#device.take(() => this.#clientOver || run()))
      if (name === 'joined') {
        const joined = body as Joined
        const request = this.#joins.find(({ room }) => room === joined.room)
        if (request !== undefined) this.#noteAnswer('join', request, joined.answer)
        return hear(() => this.#joined(joined))
      }
      const message = { name, body } as ServerMessage
      this.#deps.tell({ what: 'wrote', ...this.#ends(), message })
      hear(() => {
        if (name === 'welcome') {
          this.#early.welcomed(body as Welcome)
          this.#listener.opened()
        }
        this.#listener.message(message)
      })
    })
  }

  #joined(joined: Joined): void {
    if (!this.#early.joined(joined)) this.#ask('leave', { room: joined.room }, () => undefined)
  }

  #ask(event: 'join' | 'leave' | 'send', request: object, answer: (answer: never) => void): void {
    const sent = plain(request)
    this.#asked++
    const heard = (reply: object) => {
      this.#asked--
      answer(reply as never)
    }
    this.#up(`${this.#id} asks to ${event}`, (process) => {
      this.#received?.hear(event, [
        sent,
        (reply: RawJson | object) =>
          process.call(() => {
            if (this.#serverOver) return
            const text = reply instanceof RawJson ? reply.text : JSON.stringify(reply)
            const parsed = JSON.parse(text) as object
            this.#noteAnswer(event, sent, parsed)
            this.#tellClient(text.length, () => this.#device.take(() => this.#clientOver || heard(parsed)))
          }),
      ])
    })
  }

  #noteAnswer(event: string, request: object, answer: object): void {
    const { tell } = this.#deps
    const ends = this.#ends()
    if (event === 'join')
      tell({ what: 'joined', ...ends, request: request as JoinRequest, answer: answer as JoinAnswer })
    if (event === 'send')
      tell({ what: 'answered', ...ends, request: request as SendRequest, answer: answer as SendAnswer })
  }

  /** What the device says, in its order. */
  #up(label: string, hear: (process: Process) => void): void {
    if (this.#clientOver) return
    const now = this.#deps.scheduler.now
    this.#upAt = Math.max(this.#upAt, now + wireMs(this.#draw))
    this.#deps.scheduler.at(this.#upAt, label, () => {
      const { process } = this.#gateway ?? {}
      if (process === undefined || this.#broken) return
      process.take(label, () => {
        if (!this.#serverOver) hear(process)
      })
    })
  }

  /** What the gateway says, in its order; a device that does not read lets it wait. */
  #tellClient(bytes: number, run: () => void): void {
    const { scheduler } = this.#deps
    this.#down.push({ bytes, run })
    this.#downBytes += bytes
    this.#downAt = Math.max(this.#downAt, scheduler.now + wireMs(this.#draw))
    const label = `${this.#id} hears`
    const arrive = () => {
      if (this.#broken || this.#clientOver) return
      if (this.#device.stalled) return void scheduler.at(this.#device.stalledUntil, label, arrive)
      const next = this.#down.shift()
      this.#downBytes -= next?.bytes ?? 0
      next?.run()
    }
    scheduler.at(this.#downAt, label, arrive)
  }

  #closeByClient(): void {
    if (this.#clientOver) return
    this.#up(`${this.#id} hangs up`, () => this.#gone())
    this.#clientOver = true
    this.#over()
  }

  #processEnded(): void {
    if (!this.#serverOver && this.#received !== null) this.#deps.tell({ what: 'ended', ...this.#ends() })
    this.#serverOver = true
    this.#later(silenceMs(this.#draw), `${this.#id} is dead to its device`, () => this.#endClient(null))
  }

  #endClient(failure: Failure | null): void {
    if (this.#clientOver) return
    this.#clientOver = true
    this.#over()
    this.#device.take(() => this.#listener.closed(failure))
  }

  #gone(): void {
    if (this.#serverOver) return
    this.#serverOver = true
    this.#over()
    if (this.#received === null) return
    this.#deps.tell({ what: 'ended', ...this.#ends() })
    this.#received.gone()
  }

  #over(): void {
    if (this.#clientOver && this.#serverOver) for (const run of this.#atEnd.splice(0)) run()
  }

  #ends(): { connection: string; person: number; node: number } {
    return { connection: this.#id, person: this.#device.person, node: this.#gateway?.process.node ?? -1 }
  }

  #later(ms: number, label: string, run: () => void): Due {
    return this.#deps.scheduler.after(ms, label, run)
  }
}

function plain<T extends object>(body: T): T {
  return JSON.parse(JSON.stringify(body)) as T
}
