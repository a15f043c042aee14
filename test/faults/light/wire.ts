import type { Failure, JoinAnswer, SendAnswer } from '@plenary/kinds'
import { RawWebSocket } from './web-socket.ts'

/** What one connection tells. */
export interface LightListener {
  opened(): void
  /** Anything but an answer: the packet's text behind `2`, such as `["batch",{…}]`. */
  event(packet: Buffer): void
  /** Once, and last. Not told after `drop`. */
  closed(failure: Failure | null): void
}

type Answer = JoinAnswer | SendAnswer

/** Socket.IO over a raw WebSocket: as much of it as a client of ours needs. */
export class LightWire {
  readonly #socket: RawWebSocket
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #acks = 0

  constructor(gateway: string, ticket: string, listener: LightListener) {
    const base = new URL(gateway)
    const address = new URL(`${base.pathname.replace(/\/$/, '')}/socket.io/?EIO=4&transport=websocket`, base)
    let refused: Failure | null = null
    this.#socket = new RawWebSocket(address, {
      opened: () => undefined,
      closed: () => listener.closed(refused),
      text: (message) => {
        const [engine, kind] = [message[0], message[1]]
        if (engine === PING) this.#socket.send('3')
        else if (engine === OPEN) this.#socket.send(`40${JSON.stringify({ ticket })}`)
        else if (engine !== MESSAGE) return
        else if (kind === EVENT) listener.event(message.subarray(2))
        else if (kind === ACK) this.#answer(message.toString('utf8', 2))
        else if (kind === CONNECTED) listener.opened()
        else if (kind === REFUSED) {
          refused = (JSON.parse(message.toString('utf8', 2)) as { data?: Failure }).data ?? null
          this.#socket.drop()
          listener.closed(refused)
        } else if (kind === DISCONNECTED) {
          this.#socket.drop()
          listener.closed(null)
        }
      },
    })
  }

  ask(event: 'join' | 'send', body: object, answer: (answer: Answer) => void): void {
    const id = this.#acks++
    this.#waiting.set(id, answer)
    this.#socket.send(`42${id}${JSON.stringify([event, body])}`)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  drop(): void {
    this.#waiting.clear()
    this.#socket.drop()
  }

  #answer(text: string): void {
    const from = text.indexOf('[')
    const id = Number(text.slice(0, from))
    const answer = this.#waiting.get(id)
    this.#waiting.delete(id)
    answer?.((JSON.parse(text.slice(from)) as [Answer])[0])
  }
}

const code = (character: string) => character.charCodeAt(0)
const [OPEN, PING, MESSAGE] = [code('0'), code('2'), code('4')]
const [CONNECTED, DISCONNECTED, EVENT, ACK, REFUSED] = [code('0'), code('1'), code('2'), code('3'), code('4')]
