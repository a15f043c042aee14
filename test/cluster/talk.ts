import { setTimeout as wait } from 'node:timers/promises'
import { listen, Marker } from '../../packages/client/src/crowd/attendee.ts'
import { Ledger, type Counts } from '../../packages/client/src/crowd/measure.ts'
import { eventually } from '../../scripts/cluster/running.ts'
import { Answers } from '../faults/answers.ts'
import type { Person } from './people.ts'

const PAUSE_MS = 50
const SETTLED_MS_MAX = 30_000

/** People who say something in turn all the time, and what became of it. */
export class Talk {
  readonly answers = new Answers()
  readonly #ledger = new Ledger()
  readonly #marker = new Marker('talk')
  readonly #over = new AbortController()
  readonly #talking: Promise<void>

  constructor(people: readonly Person[]) {
    for (const { session, ...person } of people.map((each) => ({ session: each.session, room: each.room() }))) {
      listen({ session, ...person }, this.#ledger, this.#marker)
    }
    this.#talking = this.#talk(people)
  }

  /** Resolves once so many more were acknowledged. */
  async goOn(count: number, msMax: number): Promise<void> {
    const goal = this.answers.count + count
    await eventually(`${count} more commands taken`, msMax, () => this.answers.count >= goal)
  }

  /** Ends it, waits until everybody has everything, and says what became of it. */
  async end(): Promise<Counts> {
    this.#over.abort()
    await this.#talking
    await eventually('everybody has everything', SETTLED_MS_MAX, () => this.#ledger.settled).catch(() => undefined)
    return this.#ledger.counts(null)
  }

  async #talk(people: readonly Person[]): Promise<void> {
    for (let turn = 0; !this.#over.signal.aborted; turn++) {
      const person = people[turn % people.length]
      const sentAt = performance.now()
      const message = this.#ledger.send(sentAt)
      person
        ?.room()
        .send('post', { text: this.#marker.text(message) })
        .then(
          () => {
            const at = performance.now()
            this.#ledger.acknowledged(message, at)
            this.answers.add(sentAt, at)
          },
          () => this.#ledger.refused(message),
        )
      await wait(PAUSE_MS)
    }
  }
}
