import { failure, type Cursor, type Failure, type JoinAnswer, type Seq } from '@plenary/kinds'
import { backoffMs, returnMs } from '../../../packages/client/src/backoff.ts'
import { CLIENT_LIMITS } from '../../../packages/client/src/limits.ts'
import { machineMs, placesOf, type Book, type Place } from './book.ts'
import { failed, type LightPlatform } from './platform.ts'
import { LightWire } from './wire.ts'

/** Where to connect, and as whom. */
export interface LightAddress {
  ticket: string
  gateway: string
}

/** Who a client is, lastingly. */
export interface LightPerson {
  pass: string
  event: string
  room: string
}

interface Dial {
  wire: LightWire | null
  gateway: string | null
  timeout: NodeJS.Timeout
  /** Whatever is under way for it. */
  over: AbortController
}

/**
 * One client that does to the servers what the SDK does, and little else: ticket and gateway, connect, join with its cursor, follow;
 * when the connection is lost back off with full jitter, honour `retryAfter`, name the gateway that failed, and come again.
 */
export class LightClient {
  /** Deliveries are counted apart for each group. */
  group = 'all'
  /** The gateway that it is live on. */
  gateway: string | null = null
  live = false
  /** When its connection was last lost, and when it was last live again; of `machineMs`. */
  lostAt = 0
  liveAt = 0
  /** Tries that came to nothing since it was last live. */
  failures = 0
  resumes = 0
  resets = 0
  holes = 0
  readonly refusals = new Map<string, number>()
  #start: Seq = 0
  #got = 0
  /** What views stood for. */
  readonly #excused: { from: Seq; to: Seq }[] = []
  #cursor: Cursor | null = null
  #wire: LightWire | null = null
  #dial: Dial | null = null
  #retry: NodeJS.Timeout | null = null
  #attempt = 0
  #people = 0
  #avoid: string | null = null
  #closed = false
  readonly #platform: LightPlatform
  readonly #person: LightPerson
  readonly #book: Book

  constructor(platform: LightPlatform, person: LightPerson, book: Book) {
    this.#platform = platform
    this.#person = person
    this.#book = book
  }

  /** Dials from now on until it is closed. */
  start(first: LightAddress): void {
    this.#call(first)
  }

  get cursor(): Cursor | null {
    return this.#cursor
  }

  /** Messages that others were told up to where this one stands, and that it was not. */
  get missing(): number {
    const through = this.#cursor?.seq ?? 0
    const excused = this.#excused.reduce((sum, { from, to }) => sum + this.#book.messagesIn(from, to), 0)
    return this.#book.messagesIn(this.#start, through) - this.#got - excused
  }

  /** Stops reading, as a device does that stands still; `read` goes on. */
  stall(): void {
    this.#wire?.pause()
  }

  read(): void {
    this.#wire?.resume()
  }

  /** Asks for the room's whole view, whatever comes of it. */
  askForView(): void {
    this.#wire?.ask('join', { room: this.#person.room }, (answer) => {
      if (answer.ok && 'cursor' in answer) this.#begin(answer, true)
    })
  }

  close(): void {
    this.#closed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#endDial()
    this.#wire?.drop()
    this.#wire = null
    this.live = false
  }

  #call(first: LightAddress | null): void {
    this.#retry = null
    const dial: Dial = {
      wire: null,
      gateway: null,
      timeout: setTimeout(() => this.#fail(dial, null), CLIENT_LIMITS.connectMs),
      over: new AbortController(),
    }
    this.#dial = dial
    if (first !== null) return this.#connect(dial, first)
    const askedAt = machineMs()
    this.#platform.ticket(this.#person.pass, this.#person.event, this.#avoid, dial.over.signal).then(
      (answer) => {
        this.#book.step(failed(answer) ? 'refusal' : 'ticket', machineMs() - askedAt)
        if (failed(answer)) this.#fail(dial, answer)
        else this.#connect(dial, answer)
      },
      () => this.#fail(dial, null),
    )
  }

  #connect(dial: Dial, { ticket, gateway }: LightAddress): void {
    if (this.#dial !== dial) return
    dial.gateway = gateway
    const calledAt = machineMs()
    const wire = new LightWire(gateway, ticket, {
      opened: () => {
        this.#book.step('connection', machineMs() - calledAt)
        this.#join(dial, wire)
      },
      event: (packet) => this.#hear(wire, packet),
      closed: (why) => (this.#dial === dial ? this.#fail(dial, why) : this.#lost(wire)),
    })
    dial.wire = wire
  }

  #join(dial: Dial, wire: LightWire): void {
    const cursor = this.#cursor
    const askedAt = machineMs()
    wire.ask('join', { room: this.#person.room, ...(cursor !== null && { cursor }) }, (answer) => {
      this.#book.step('join', machineMs() - askedAt)
      if (this.#dial !== dial) return
      if (!answer.ok) return this.#fail(dial, answer)
      if (!('cursor' in answer)) return
      clearTimeout(dial.timeout)
      this.#dial = null
      this.#wire?.drop()
      this.#wire = wire
      this.#begin(answer, cursor !== null)
      this.gateway = dial.gateway
      this.#avoid = null
      this.live = true
      this.liveAt = machineMs()
    })
  }

  #begin(answer: Extract<JoinAnswer, { ok: true }>, again: boolean): void {
    if ('entries' in answer) {
      this.resumes++
      this.#take(answer.cursor.seq, placesOf(answer.entries), false)
    } else this.#replace(answer.cursor, again)
  }

  #replace(cursor: Cursor, again: boolean): void {
    const from = this.#cursor?.seq ?? cursor.seq
    if (!again) this.#start = cursor.seq
    else if (cursor.seq > from) {
      this.resets++
      this.#excused.push({ from, to: cursor.seq })
    }
    if (cursor.seq >= from) this.#cursor = cursor
  }

  #hear(wire: LightWire, packet: Buffer): void {
    if (wire !== this.#wire) return
    const told = this.#book.read(packet)
    if (told.name === 'view') this.#replace(told.cursor, true)
    else if (told.name === 'goodbye') this.#move(told.within)
    else if (told.name === 'presence') this.#people = told.total
    else if (told.name === 'batch') {
      const at = this.#cursor?.seq ?? 0
      if (told.after > at) return this.#fillHole(wire)
      if (told.through > at) this.#take(told.through, told.entries, true)
    }
  }

  #take(through: Seq, entries: readonly Place[], live: boolean): void {
    const { seq: from = 0, log } = this.#cursor ?? {}
    const fresh = entries.filter(({ seq }) => seq > from)
    this.#got += fresh.filter(({ marked }) => marked !== null).length
    if (live) this.#book.delivered(fresh, this.group, machineMs())
    else this.#book.note(fresh)
    if (log !== undefined) this.#cursor = { log, seq: Math.max(from, through) }
  }

  #fillHole(wire: LightWire): void {
    this.holes++
    const cursor = this.#cursor
    wire.ask('join', { room: this.#person.room, ...(cursor !== null && { cursor }) }, (answer) => {
      if (wire === this.#wire && answer.ok && 'cursor' in answer) this.#begin(answer, true)
    })
  }

  #move(withinMs: number): void {
    if (this.#dial !== null || this.#retry !== null) return
    this.#retry = setTimeout(() => this.#call(null), Math.random() * withinMs * CLIENT_LIMITS.goodbyeSpread)
  }

  #lost(wire: LightWire): void {
    if (wire !== this.#wire) return
    this.#wire = null
    this.live = false
    this.lostAt = machineMs()
    this.#avoid = this.gateway
    if (this.lostAt - this.liveAt >= CLIENT_LIMITS.stableMs) this.#attempt = 0
    if (this.#dial === null) this.#wait(null, this.#attempt === 0 ? returnMs(this.#people, Math.random) : undefined)
  }

  #fail(dial: Dial, why: Failure | null): void {
    if (this.#dial !== dial) return
    this.#endDial()
    this.failures++
    const { code } = why ?? failure('unavailable', '')
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1)
    if (dial.gateway !== null) this.#avoid = dial.gateway
    this.#wait(why)
  }

  #endDial(): void {
    if (this.#dial === null) return
    clearTimeout(this.#dial.timeout)
    this.#dial.over.abort()
    this.#dial.wire?.drop()
    this.#dial = null
  }

  #wait(why: Failure | null, firstMs?: number): void {
    if (this.#closed) return
    if (this.#retry !== null) clearTimeout(this.#retry)
    const ms = firstMs ?? backoffMs(this.#attempt, Math.random, why?.retryAfter)
    this.#attempt++
    this.#retry = setTimeout(() => this.#call(null), ms)
  }
}
