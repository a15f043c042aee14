import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type {
  ClientEvents,
  CommandId,
  ErrorCode,
  JoinAnswer,
  RoomId,
  SendAnswer,
  Seq,
  ServerEvents,
} from '@plenary/kinds'
import { io, type Socket } from 'socket.io-client'
import type { JoinEventAnswer, TicketAnswer } from '../../packages/kinds/src/api.ts'

const EVERY_MS = 250
const RETRY_MS = 200
const HTTP_MS_MAX = 3_000
const JOIN_MS_MAX = 5_000
/** Longer than any answer may take; without one by then, it hangs. */
const ANSWER_MS_MAX = 20_000

/** One command of a prober; times of `performance.now()`. */
export interface Probe {
  id: CommandId
  sentAt: number
  at: number
  /** `gone` when the connection ended first, `hung` when nothing came. */
  outcome: { ok: true; seq: Seq } | { ok: false; code: ErrorCode; temporary: boolean } | 'gone' | 'hung'
}

export interface ProberOptions {
  /** The one gateway that it goes to, at its own address. */
  gateway: string
  /** Where tickets come from. */
  url: string
  code: string
  room: RoomId
  name: string
}

/**
 * Sends a new command every quarter of a second over a plain socket to one gateway, and never again what was put off: it tells at
 * once what the gateway says, where the SDK would go on by itself. Without a connection it tries for one. Disposing ends it.
 */
export class Prober implements AsyncDisposable {
  readonly probes: Probe[] = []
  /** When each connection ended that this did not end itself. */
  readonly endedAt: number[] = []
  readonly #options: ProberOptions
  readonly #over = new AbortController()
  #ticket: string | null = null
  #pass: { pass: string; event: string } | null = null
  #socket: Socket<ServerEvents, ClientEvents> | null = null
  #running: Promise<void> = Promise.resolve()

  private constructor(options: ProberOptions) {
    this.#options = options
  }

  /** In the room when it resolves. Throws when it cannot get there. */
  static async start(options: ProberOptions): Promise<Prober> {
    const prober = new Prober(options)
    try {
      const socket = await prober.#connect()
      prober.#running = prober.#run(socket)
      return prober
    } catch (error) {
      await prober[Symbol.asyncDispose]()
      throw error
    }
  }

  get connected(): boolean {
    return this.#socket?.connected === true
  }

  /** Sends a command once more, marked as such, until it has another answer than a temporary one; null when that takes too long. */
  async settle(probe: Probe, msMax: number): Promise<Exclude<Probe['outcome'], string> | null> {
    const until = performance.now() + msMax
    while (performance.now() < until) {
      const socket = this.#socket
      const { outcome } = socket?.connected === true ? await this.#send(socket, probe.id, true) : { outcome: null }
      if (outcome !== null && typeof outcome !== 'string' && (outcome.ok || !outcome.temporary)) return outcome
      await wait(EVERY_MS)
    }
    return null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    this.#socket?.close()
    await this.#running
  }

  async #run(first: Socket<ServerEvents, ClientEvents>): Promise<void> {
    const { signal } = this.#over
    let socket: Socket<ServerEvents, ClientEvents> | null = first
    while (!signal.aborted) {
      if (socket?.connected === true) {
        const probe = this.#send(socket, randomUUID() as CommandId, false)
        void probe.then((sent) => this.probes.push(sent))
        await wait(EVERY_MS, undefined, { signal }).catch(() => undefined)
      } else {
        socket = await this.#connect().catch(() => null)
        if (socket === null) await wait(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #connect(): Promise<Socket<ServerEvents, ClientEvents>> {
    const { gateway, room } = this.#options
    this.#socket?.close()
    this.#ticket ??= await this.#newTicket()
    const socket: Socket<ServerEvents, ClientEvents> = io(gateway, {
      auth: { ticket: this.#ticket },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: HTTP_MS_MAX,
    })
    this.#socket = socket
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => {
        // It may be the ticket.
        this.#ticket = null
        socket.close()
        reject(new Error(why))
      }
      const late = setTimeout(() => fail('The gateway does not let it in.'), JOIN_MS_MAX)
      socket.on('connect_error', (error) => fail(error.message))
      socket.on('disconnect', (reason) => {
        clearTimeout(late)
        if (reason !== 'io client disconnect') this.endedAt.push(performance.now())
        fail(reason)
      })
      socket.on('connect', () => {
        socket.emit('join', { room }, (answer: JoinAnswer) => {
          clearTimeout(late)
          if (answer.ok) resolve()
          else fail(answer.message)
        })
      })
      socket.on('goodbye', () => socket.close())
    })
    return socket
  }

  #send(socket: Socket<ServerEvents, ClientEvents>, id: CommandId, again: boolean): Promise<Probe> {
    const sentAt = performance.now()
    const { room, name } = this.#options
    const done = (outcome: Probe['outcome']): Probe => ({ id, sentAt, at: performance.now(), outcome })
    return new Promise<Probe>((resolve) => {
      const settle = (outcome: Probe['outcome']) => {
        clearTimeout(late)
        socket.off('disconnect', gone)
        resolve(done(outcome))
      }
      const gone = () => settle('gone')
      const late = setTimeout(() => settle('hung'), ANSWER_MS_MAX)
      socket.once('disconnect', gone)
      const body = { text: `probe of ${name}` }
      socket.emit('send', { room, id, type: 'post', body, ...(again && { again }) }, (answer: SendAnswer) => {
        settle(
          answer.ok ? { ok: true, seq: answer.seq } : { ok: false, code: answer.code, temporary: answer.temporary },
        )
      })
    })
  }

  async #newTicket(): Promise<string> {
    const { code, name } = this.#options
    if (this.#pass === null) {
      const joined = await this.#post<JoinEventAnswer>('/api/join', { code, name })
      this.#pass = { pass: joined.pass, event: joined.event.id }
      return joined.ticket
    }
    return (await this.#post<TicketAnswer>('/api/ticket', this.#pass)).ticket
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(this.#options.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(HTTP_MS_MAX),
    })
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}.`)
    return (await answer.json()) as T
  }
}

/** Whether it was acknowledged. */
export function isTaken(outcome: Probe['outcome']): outcome is { ok: true; seq: Seq } {
  return typeof outcome !== 'string' && outcome.ok
}

/** Whether it is an error that is not temporary. */
export function isRefused(outcome: Probe['outcome']): boolean {
  return typeof outcome !== 'string' && !outcome.ok && !outcome.temporary
}
