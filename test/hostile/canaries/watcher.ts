import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure, SendReceipt } from '@plenary/kinds'
import { RawWebSocket } from '../raw-websocket.ts'
import { maySee, spell, spot, type Onlooker } from './canary.ts'

/** What was seen, by all who look on. */
export class Sightings {
  /** Canaries that reached eyes they were not for, in words. */
  readonly leaks: string[] = []
  /** Canaries that reached somebody whom they were for. */
  readonly seen = new Set<string>()
  bytes = 0

  /** Looks at a text that came to somebody; to nobody in particular when null. */
  look(text: string, who: Onlooker | null, where: string): void {
    this.bytes += text.length
    for (const canary of spot(text)) {
      if (who !== null && maySee(who, canary)) this.seen.add(spell(canary))
      else
        this.leaks.push(
          `${spell(canary)} reached ${who === null ? 'everybody' : `person ${who.person} of event ${who.event} (${who.role})`} by ${where}`,
        )
    }
  }
}

/** One connection whose every byte is looked at. */
export class Watcher implements Disposable {
  readonly who: Onlooker
  readonly #url: string
  readonly #ticket: string
  readonly #sightings: Sightings
  readonly #cursors = new Map<string, unknown>()
  #client: RawWebSocket | null = null
  #asked = 0
  #returning: Promise<void> | undefined

  constructor(url: string, ticket: string, who: Onlooker, sightings: Sightings) {
    this.#url = url
    this.#ticket = ticket
    this.who = who
    this.#sightings = sightings
  }

  /** Connects, or connects again. False when there is no way in. */
  async connect(): Promise<boolean> {
    const { client, answer } = await RawWebSocket.enter(this.#url, this.#ticket, (text) =>
      this.#sightings.look(text, this.who, 'socket'),
    )
    this.#client?.[Symbol.dispose]()
    this.#client = client
    return answer.startsWith('40')
  }

  /** Tries to be in these rooms from the start, over a connection of its own; what was answered for each. */
  async knock(rooms: readonly string[]): Promise<string[]> {
    const answers: string[] = []
    const hear = (text: string) => {
      this.#sightings.look(text, this.who, 'the handshake')
      const [event, body] = text.startsWith('42') ? (JSON.parse(text.slice(2)) as [string, { answer: Failure }]) : []
      if (event === 'joined' && body !== undefined) answers.push(body.answer.code)
    }
    const join = rooms.map((room) => ({ room }))
    const { client } = await RawWebSocket.enter(this.#url, this.#ticket, hear, join)
    using _ = client
    await client.until(() => answers.length === rooms.length || client.ended, 'an answer for each room')
    return answers
  }

  /** Joins each; with what was reached there before, if it has been there. Null for joined, otherwise the code. */
  async join(room: string): Promise<string | null> {
    const cursor = this.#cursors.get(room)
    for (;;) {
      const answer = (await this.ask('join', cursor === undefined ? { room } : { room, cursor })) as
        | { ok: true; cursor: unknown }
        | Failure
        | null
      if (answer?.ok === true) {
        this.#cursors.set(room, answer.cursor)
        return null
      }
      if (answer?.temporary !== true) return answer?.code ?? 'closed'
      await sleep(answer.retryAfter ?? 100)
    }
  }

  /** Sends a command until it is taken, over another connection if this one has ended; throws for what is refused for good. */
  async send(room: string, type: string, body: unknown): Promise<SendReceipt> {
    const command = { room, id: randomUUID(), type, body }
    for (let tries = 0; ; tries++) {
      const sent = tries === 0 ? command : { ...command, again: true }
      const answer = (await this.ask('send', sent)) as SendReceipt | Failure | null
      if (answer?.ok === true) return answer
      if (answer !== null && !answer.temporary) throw new Error(`${type} was refused: ${JSON.stringify(answer)}`)
      await sleep(answer?.retryAfter ?? 100)
      if (this.ended) await (this.#returning ??= this.#return().finally(() => (this.#returning = undefined)))
    }
  }

  async #return(): Promise<void> {
    if (!(await this.connect())) throw new Error(`Person ${this.who.person} did not come in again.`)
    for (const room of [...this.#cursors.keys()]) {
      const code = await this.join(room)
      if (code !== null) throw new Error(`Person ${this.who.person} did not join again: ${code}`)
    }
  }

  async ask(event: string, body: unknown): Promise<unknown> {
    if (this.#client === null) throw new Error('Not connected.')
    return await this.#client.ask(++this.#asked, event, body)
  }

  /** Whether the server has ended it. */
  get ended(): boolean {
    return this.#client?.ended ?? true
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]()
  }
}
