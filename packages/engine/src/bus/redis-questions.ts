import { PlenaryError } from '@plenary/kinds'
import type { Failure } from '@plenary/kinds'
import type { Patience } from '../runtime/patience.ts'
import type { Runtime, Timer } from '../runtime/runtime.ts'
import { unanswered } from './bus.ts'
import type { BusMessage } from './bus.ts'
import type { Letter } from './redis-letter.ts'

/** Sends a letter; `done` says how many got it, null for unknown. */
export type Post = (
  to: { topic: string } | { node: string },
  letter: Letter,
  payload?: Uint8Array,
  done?: (receivers: number | null) => void,
) => void

interface Asked {
  resolve(outcome: BusMessage | 'not taken'): void
  reject(error: PlenaryError): void
}
interface Search {
  found: PromiseWithResolvers<string | null>
  /** How many were asked; null while Redis has not said. */
  asked: number | null
  denials: number
  timer: Timer
}

const SEARCH_MS_MAX = 1_000

/**
 * Asks the nodes that answer for topics. Who does is asked of all that may, once per topic and process, and remembered until it
 * proves wrong; the question itself then goes to that one node, so that it is never carried out by two, even while two believe
 * that a topic is theirs.
 */
export class Questions {
  readonly #self: string
  readonly #runtime: Runtime
  readonly #patience: Patience
  readonly #post: Post
  readonly #known = new Map<string, string>()
  readonly #searches = new Map<string, Search>()
  readonly #asked = new Map<number, Asked>()
  #last = 0

  constructor(self: string, runtime: Runtime, patience: Patience, post: Post) {
    this.#self = self
    this.#runtime = runtime
    this.#patience = patience
    this.#post = post
  }

  async ask(topic: string, message: BusMessage, timeoutMs: number): Promise<BusMessage> {
    const until = this.#runtime.monotonic() + timeoutMs
    // Whole ones, so that nearly all wait for as long as each other.
    const leftMs = () => Math.max(0, Math.ceil(until - this.#runtime.monotonic()))
    for (;;) {
      const known = this.#known.get(topic)
      const node = known ?? (await this.#patience.within(this.#find(topic), timeoutMs, unanswered))
      if (node === null) throw moved()
      let outcome: BusMessage | 'not taken'
      try {
        outcome = await this.#askNode(node, topic, message, leftMs())
      } catch (error) {
        // Someone else may answer better.
        if (error instanceof PlenaryError && (error.code === 'moved' || error.code === 'timeout'))
          this.#forget(topic, node)
        throw error
      }
      if (outcome !== 'not taken') return outcome
      this.#forget(topic, node)
      // What was remembered was wrong and nothing has been carried out, so whoever answers now can be asked.
      if (known === undefined) throw moved()
    }
  }

  hear(letter: Letter, message: BusMessage): void {
    switch (letter.is) {
      case 'here':
        return this.#heardHere(letter.topic, letter.answers ? letter.node : null)
      case 'answer':
        return this.#asked.get(letter.ask)?.resolve(message)
      case 'refusal':
        return this.#asked.get(letter.ask)?.reject(errorOf(letter.failure))
      case 'gone':
        return this.#asked.get(letter.ask)?.resolve('not taken')
      default:
    }
  }

  close(): void {
    for (const asked of this.#asked.values()) asked.reject(moved())
    for (const topic of this.#searches.keys()) this.#found(topic, null)
  }

  async #askNode(node: string, topic: string, message: BusMessage, timeoutMs: number) {
    const ask = ++this.#last
    const { promise, resolve, reject } = Promise.withResolvers<BusMessage | 'not taken'>()
    this.#asked.set(ask, { resolve, reject })
    const letter: Letter = { is: 'question', from: this.#self, topic, ask, header: message.header }
    // When it was lost, or nobody can tell, the answer may still come.
    this.#post({ node }, letter, message.payload, (receivers) => receivers === 0 && resolve('not taken'))
    try {
      return await this.#patience.within(promise, timeoutMs, unanswered)
    } finally {
      this.#asked.delete(ask)
    }
  }

  /** Null when nobody answers for the topic. One search for all who ask at a time. */
  #find(topic: string): Promise<string | null> {
    const running = this.#searches.get(topic)
    if (running !== undefined) return running.found.promise
    const search: Search = {
      found: Promise.withResolvers(),
      asked: null,
      denials: 0,
      timer: this.#runtime.after(SEARCH_MS_MAX, () => {
        this.#searches.delete(topic)
        search.found.reject(new PlenaryError('timeout', 'No answer in time.'))
      }),
    }
    this.#searches.set(topic, search)
    this.#post({ topic }, { is: 'who', from: this.#self, topic }, undefined, (receivers) => {
      search.asked = receivers
      if (this.#searches.get(topic) === search) this.#denied(topic, search)
    })
    return search.found.promise
  }

  #heardHere(topic: string, node: string | null): void {
    const search = this.#searches.get(topic)
    if (search === undefined) return
    if (node !== null) return this.#found(topic, node)
    search.denials++
    this.#denied(topic, search)
  }

  #denied(topic: string, search: Search): void {
    if (search.asked !== null && search.denials >= search.asked) this.#found(topic, null)
  }

  #found(topic: string, node: string | null): void {
    const search = this.#searches.get(topic)
    this.#searches.delete(topic)
    search?.timer.cancel()
    if (node !== null) this.#known.set(topic, node)
    search?.found.resolve(node)
  }

  #forget(topic: string, node: string): void {
    if (this.#known.get(topic) === node) this.#known.delete(topic)
  }
}

function moved(): PlenaryError {
  return new PlenaryError('moved', 'Nobody answers for this room right now.')
}

function errorOf({ code, message, reason, retryAfter }: Failure): PlenaryError {
  return new PlenaryError(code, message, {
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}
