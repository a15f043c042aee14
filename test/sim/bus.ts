import { PlenaryError, toFailure } from '@plenary/kinds'
import type {
  Bus,
  BusMessage,
  MessageHandler,
  RequestHandler,
  Subscription,
} from '../../packages/engine/src/bus/bus.ts'
import type { Runtime } from '../../packages/engine/src/runtime/runtime.ts'
import { within } from '../../packages/engine/src/runtime/within.ts'
import type { Draws } from './draws.ts'
import { journeyMs } from './network.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** A subscription that cannot be put in force for so long fails. */
const SUBSCRIBE_MS_MAX = 5_000
const SUBSCRIBE_LOOK_MS = 100

interface Party {
  process: Process
  subscribers: Map<string, Set<MessageHandler>>
  responders: Map<string, RequestHandler[]>
  /** Topics that the others can ask it about by now. */
  known: Set<string>
  whole: Set<() => void>
}

type Outcome = { answer: BusMessage } | { refusal: PlenaryError } | 'not taken'

/** The way between nodes: messages take their time, and may be lost, doubled and late. Within a process it is a function call. */
export class BusNetwork {
  readonly #scheduler: Scheduler
  readonly #network: Network
  readonly #draws: Draws
  readonly #parties = new Set<Party>()
  /** When the last message from one process to another arrives: what is not late keeps its order. */
  readonly #arrivals = new Map<string, number>()
  /** How often something other than arriving happened to a message. */
  readonly fates = { lost: 0, doubled: 0, late: 0 }

  constructor(scheduler: Scheduler, network: Network, draws: Draws) {
    this.#scheduler = scheduler
    this.#network = network
    this.#draws = draws
  }

  /** One process's end of it. */
  open(process: Process, runtime: Runtime): Bus {
    const party: Party = { process, subscribers: new Map(), responders: new Map(), known: new Set(), whole: new Set() }
    this.#parties.add(party)
    process.whenEnded(() => this.#parties.delete(party))
    let closed = false
    return {
      publish: (topic, message) => {
        if (closed) return
        process.call(() => this.#publish(party, topic, message))
        for (const handler of [...(party.subscribers.get(topic) ?? [])]) handler(message)
      },
      subscribe: async (topic, handler) => {
        const own: MessageHandler = (message) => handler(message)
        const present = party.subscribers.get(topic) ?? new Set()
        party.subscribers.set(topic, present.add(own))
        const forget = () => {
          present.delete(own)
          if (present.size === 0 && party.subscribers.get(topic) === present) party.subscribers.delete(topic)
        }
        return this.#inForce(party, topic, forget)
      },
      request: async (topic, message, timeoutMs) => {
        const late = () => new PlenaryError('timeout', 'No answer in time.')
        if (closed) throw new PlenaryError('moved', 'This server is leaving the others.')
        const own = party.responders.get(topic)?.at(-1)
        const answer = own === undefined ? this.#ask(party, topic, message) : own(message)
        return within(runtime, answer, timeoutMs, late)
      },
      respond: async (topic, handler) => {
        const own: RequestHandler = (message) => handler(message)
        party.responders.set(topic, [...(party.responders.get(topic) ?? []), own])
        const forget = () => {
          const rest = (party.responders.get(topic) ?? []).filter((other) => other !== own)
          if (rest.length > 0) return void party.responders.set(topic, rest)
          party.responders.delete(topic)
          party.known.delete(topic)
        }
        const answering = await this.#inForce(party, topic, forget)
        if (party.responders.has(topic)) party.known.add(topic)
        return answering
      },
      onWhole: (listener) => {
        party.whole.add(listener)
        return { close: async () => void party.whole.delete(listener) }
      },
      close: async () => {
        closed = true
        this.#parties.delete(party)
      },
    }
  }

  /** A node that was cut off is told, a moment later, that it is no more. */
  reachedAgain(node: number): void {
    for (const { process, whole } of this.#parties) {
      if (process.node !== node) continue
      const label = `${process.name} has the bus again`
      this.#scheduler.after(this.#journeyMs(process), label, () => {
        if (this.#network.reaches(node, 'bus')) process.take(label, () => whole.forEach((listener) => listener()))
      })
    }
  }

  async #inForce({ process }: Party, topic: string, forget: () => void): Promise<Subscription> {
    const label = `${process.name} listens to ${topic}`
    const until = this.#scheduler.now + SUBSCRIBE_MS_MAX
    try {
      await process.ask<void>(({ resolve, reject }) => {
        const look = () => {
          if (this.#network.reaches(process.node, 'bus')) return resolve()
          if (this.#scheduler.now >= until) {
            return reject(new PlenaryError('unavailable', 'The servers cannot reach each other right now.'))
          }
          this.#scheduler.after(SUBSCRIBE_LOOK_MS, label, () => process.take(label, look))
        }
        this.#scheduler.after(this.#journeyMs(process), label, () => process.take(label, look))
      })
    } catch (error) {
      forget()
      throw error
    }
    return { close: async () => process.call(forget) }
  }

  #publish(from: Party, topic: string, message: BusMessage): void {
    let text: string | null = null
    for (const to of this.#parties) {
      if (to === from || !to.subscribers.has(topic)) continue
      text ??= JSON.stringify(message.header)
      const header = text
      this.#carry(from.process, to.process, `hears ${topic}`, () => {
        for (const handler of [...(to.subscribers.get(topic) ?? [])]) handler(messageOf(header, message.payload))
      })
    }
  }

  /** Rejects with `moved` when nobody answers for the topic; never settles when a message is lost on the way. */
  async #ask(from: Party, topic: string, message: BusMessage): Promise<BusMessage> {
    const header = JSON.stringify(message.header)
    const { process } = from
    const outcome = await process.ask<Outcome>(({ resolve }) => {
      const back = (by: Process, result: Outcome) =>
        by.call(() => this.#carry(by, process, `gets an answer of ${topic}`, () => resolve(result)))
      const able = [...this.#parties].filter(
        (party) => party.known.has(topic) && this.#network.joins(process.node, party.process.node),
      )
      const [first] = able
      if (first === undefined) {
        const label = `${process.name} finds nobody for ${topic}`
        this.#scheduler.after(2 * this.#journeyMs(process), label, () =>
          process.take(label, () => resolve('not taken')),
        )
        return
      }
      // Whoever says so first: two may believe that it is theirs.
      const to = able.length === 1 ? first : this.#draws.of(`who ${process.node}`).oneOf(able)
      this.#carry(process, to.process, `is asked ${topic}`, () => {
        const responder = to.responders.get(topic)?.at(-1)
        if (responder === undefined) return back(to.process, 'not taken')
        responder(messageOf(header, message.payload)).then(
          ({ header: answer, payload }) => {
            back(to.process, { answer: messageOf(JSON.stringify(answer), payload) })
          },
          (error: unknown) => back(to.process, { refusal: overTheWire(error) }),
        )
      })
    })
    if (outcome === 'not taken') throw new PlenaryError('moved', 'Nobody answers for this room right now.')
    if ('refusal' in outcome) throw outcome.refusal
    return outcome.answer
  }

  /** Once, never or twice. */
  #carry(from: Process, to: Process, what: string, arrive: () => void): void {
    const { lose, double, late, lateMs } = this.#network.weather
    const chance = this.#draws.of(`weather ${from.node} ${to.node}`)
    const copies = lose > 0 && chance.hits(lose) ? 0 : double > 0 && chance.hits(double) ? 2 : 1
    if (copies === 0) this.fates.lost++
    if (copies === 2) this.fates.doubled++
    const label = `${to.name} ${what}`
    for (let copy = 0; copy < copies; copy++) {
      const isLate = copy > 0 || (late > 0 && chance.hits(late))
      let at = this.#scheduler.now + this.#journeyMs(from)
      if (isLate) {
        this.fates.late++
        at += chance.between(0, lateMs)
      } else {
        const way = `${from.name} ${to.name}`
        at = Math.max(at, this.#arrivals.get(way) ?? 0)
        this.#arrivals.set(way, at)
      }
      this.#scheduler.at(at, label, () => {
        if (this.#network.joins(from.node, to.node)) to.take(label, arrive)
        else this.fates.lost++
      })
    }
  }

  #journeyMs(from: Process): number {
    return journeyMs(this.#draws.of(`bus ${from.node}`))
  }
}

function messageOf(header: string | undefined, payload: Uint8Array | undefined): BusMessage {
  const parsed: unknown = header === undefined ? undefined : JSON.parse(header)
  return payload === undefined ? { header: parsed } : { header: parsed, payload }
}

function overTheWire(error: unknown): PlenaryError {
  const { code, message, reason, retryAfter } = toFailure(error)
  return new PlenaryError(code, message, {
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}
