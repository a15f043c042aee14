import { LIMITS, PlenaryError, joinSchema, leaveSchema, sendSchema, signalSchema, toFailure } from '@plenary/kinds'
import type { CheckedJoin, Json, LeaveAnswer, RoomId, SendAnswer } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Metrics } from '../metrics.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Asking } from './asking.ts'
import type { Channel } from './channel.ts'
import type { Channels } from './channels.ts'
import { parse, refuseTooLarge } from './checks.ts'
import type { Connection } from './connection.ts'
import { RawJson } from './raw-json.ts'

export interface RequestsDeps {
  channels: Channels
  asking: Asking
  runtime: Runtime
  logger: Logger
  metrics: Metrics
  /** Ends a connection whose reader does not read. */
  cut(connection: Connection): void
}

/** What an answer without a view is taken to weigh. */
const ANSWER_BYTES = 256
const SMALL = { bytes: ANSWER_BYTES }
const SETTLE_LOOK_MS = 10

type Reply = (answer: RawJson | LeaveAnswer | SendAnswer) => void

/** What clients ask of a gateway: checked, throttled, carried out and answered, or refused with a code. */
export class Requests {
  readonly #deps: RequestsDeps
  #asked = 0
  #settling = false

  constructor(deps: RequestsDeps) {
    this.#deps = deps
  }

  /** One message of a client, with an acknowledgement as its last argument if it wants an answer. */
  hear(connection: Connection, event: string, [body, ...more]: unknown[]): void {
    const ack = typeof body === 'function' ? body : more.at(-1)
    const answer = (work: (reply: Reply) => Promise<void>) => void this.#answer(connection, ack, work)
    switch (event) {
      case 'join':
        return answer((reply) => this.#join(connection, parse(joinSchema, body), reply))
      case 'leave':
        return answer((reply) => this.#leave(connection, body, reply))
      case 'send':
        return answer((reply) => this.#send(connection, body, reply))
      case 'signal':
        return this.#signal(connection, body)
      default:
        return answer(() => Promise.reject(new PlenaryError('bad_request', 'There is no such message.')))
    }
  }

  /** A room that was asked for with the handshake. */
  joinEarly(connection: Connection, join: CheckedJoin): void {
    const head = `{"room":${JSON.stringify(join.room)},"answer":`
    const tell: Reply = (answer) => {
      const text = answer instanceof RawJson ? answer.text : JSON.stringify(answer)
      connection.socket.tell('joined', `${head}${text}}`)
    }
    void this.#answer(connection, tell, (reply) => this.#join(connection, join, reply))
  }

  /** The one place where what a client asked is throttled, answered, and refused with a code. */
  async #answer(connection: Connection, ack: unknown, work: (reply: Reply) => Promise<void>): Promise<void> {
    const reply: Reply = (answer) => {
      if (typeof ack !== 'function') return
      connection.socket.note(answer instanceof RawJson ? answer : SMALL)
      ;(ack as Reply)(answer)
      if (connection.socket.waitingBytes() > LIMITS.socketCloseBytes) this.#deps.cut(connection)
    }
    this.#asked++
    try {
      if (this.#settling) throw new PlenaryError('unavailable', 'This server is stopping.', { retryAfter: 500 })
      const waitMs = connection.throttle(this.#deps.runtime.monotonic())
      if (waitMs > 0)
        throw new PlenaryError('rate_limited', 'Too many messages in a short time.', { retryAfter: waitMs })
      await work(reply)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'internal') this.#deps.logger.error({ err: error }, 'a message could not be answered')
      reply(failure)
    } finally {
      this.#asked--
    }
  }

  async #join(connection: Connection, { room, cursor }: CheckedJoin, reply: Reply): Promise<void> {
    const { memberships, joining } = connection
    if (memberships.size + joining.size >= LIMITS.roomsPerConnection && !memberships.has(room)) {
      throw new PlenaryError('refused', 'Too many rooms on one connection.', { reason: 'too_many_rooms' })
    }
    // Views are large, and one who does not read them must not be made to hold ever more of them.
    if (!connection.hasRoomFor(ANSWER_BYTES)) throw slowConsumer()
    if (joining.has(room)) throw new PlenaryError('conflict', 'This room is being joined already.')
    const mark = Symbol(room)
    joining.set(room, mark)
    const { channels } = this.#deps
    let channel: Channel | null = null
    try {
      // Nothing that is at hand is waited for: thousands may join at once.
      channel = channels.hold(room) ?? (await channels.holdOpened(room))
      const { answer, enter } = await channel.join(connection, cursor)
      // Whatever changed while the answer was fetched counts.
      if (!connection.socket.connected) return
      if (joining.get(room) !== mark) throw new PlenaryError('conflict', 'The room was left before it was joined.')
      // Counting an answer takes as long as writing it, so only where something waits.
      if (connection.socket.waitingBytes() > 0 && !connection.hasRoomFor(answer.bytes)) throw slowConsumer()
      channel.admit(connection.identity)
      leaveRoom(connection, room)
      // In one step: the batches that follow must come after the answer, and none may be missed.
      reply(answer)
      enter()
    } finally {
      if (channel !== null) channels.letGo(channel)
      if (joining.get(room) === mark) joining.delete(room)
    }
  }

  async #leave(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { room } = parse(leaveSchema, body)
    connection.joining.delete(room)
    leaveRoom(connection, room)
    reply({ ok: true })
  }

  async #send(connection: Connection, body: unknown, reply: Reply): Promise<void> {
    const { metrics } = this.#deps
    try {
      const { room, id, type, body: raw, again, seen } = parse(sendSchema, body)
      const membership = connection.memberships.get(room)
      if (membership === undefined) throw new PlenaryError('forbidden', 'Join the room first.')
      if (connection.identity.readOnly === true) throw new PlenaryError('forbidden', 'This ticket may only read.')
      const { commands } = membership.channel.kind
      const rule = Object.hasOwn(commands, type) ? commands[type] : undefined
      if (rule === undefined) throw new PlenaryError('bad_request', 'The room has no such command.')
      if (!rule.allow.includes(membership.role)) throw new PlenaryError('forbidden', 'Your role may not do this.')
      refuseTooLarge(raw, rule.maxBytes)
      const checked = parse(rule.body, raw, 'body')
      const { user, name } = connection.identity
      const by = { id: user, name, role: membership.role }
      // A copy that was long on its way may come after another one was carried out: how far the room reaches now says nothing of that.
      const since = Math.min(membership.channel.reached, seen ?? Infinity)
      const done = await this.#deps.asking.command({ room, id, type, body: checked, by, again: again ?? false, since })
      metrics.count('commands_total', 1, { outcome: 'ok' })
      // Whoever has the answer has what it speaks of; the others are told in their turn.
      const here = connection.memberships.get(room)
      here?.channel.tellThrough(here, done.seq)
      reply({ ok: true, ...done })
    } catch (error) {
      metrics.count('commands_total', 1, { outcome: toFailure(error).code })
      throw error
    }
  }

  #signal(connection: Connection, body: unknown): void {
    const sent = this.#passSignal(connection, body)
    this.#deps.metrics.count('signals_total', 1, { outcome: sent ? 'sent' : 'dropped' })
  }

  /** Signals are never answered: what may not pass is dropped. */
  #passSignal(connection: Connection, body: unknown): boolean {
    const signal = signalSchema.safeParse(body)
    if (!signal.success) return false
    const { room, type, body: raw } = signal.data
    const membership = connection.memberships.get(room)
    if (membership === undefined || connection.identity.readOnly === true) return false
    const { signals } = membership.channel.kind
    const rule = Object.hasOwn(signals, type) ? signals[type] : undefined
    if (rule === undefined || !rule.allow.includes(membership.role)) return false
    if (!connection.maySignal(type, rule.perSecond, this.#deps.runtime.monotonic())) return false
    const checked = (rule.body as z.ZodType<Json>).safeParse(raw)
    if (!checked.success) return false
    if (rule.gathered === true) membership.channel.gather(type, checked.data as Record<string, number>)
    else membership.channel.signal(connection, type, checked.data)
    return true
  }

  /** Takes no more, and resolves once what was asked is answered, or its time is up. */
  async settle(msMax: number): Promise<void> {
    const { runtime } = this.#deps
    this.#settling = true
    const deadline = runtime.monotonic() + msMax
    while (this.#asked > 0 && runtime.monotonic() < deadline) {
      await new Promise<void>((resolve) => runtime.after(SETTLE_LOOK_MS, resolve))
    }
  }
}

const slowConsumer = () =>
  new PlenaryError('slow_consumer', 'Too much waits to be read on this connection.', { retryAfter: 1_000 })

function leaveRoom(connection: Connection, room: RoomId): void {
  const membership = connection.memberships.get(room)
  membership?.channel.leave(membership)
}
