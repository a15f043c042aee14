import type { RoomId } from '@plenary/kinds'
import { io, type Socket } from 'socket.io-client'
import type { PlenaryServer } from './stage.ts'

/** One connection may ask for so much a second and no more. */
const PACE_MS = 120

/** Somebody with a connection, who comes into rooms. */
export class Person implements AsyncDisposable {
  readonly #socket: Socket

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static async connect(server: PlenaryServer): Promise<Person> {
    const [ticket] = await server.tickets(0, 1)
    const socket = io(`http://127.0.0.1:${server.ports[0]}`, {
      auth: { ticket },
      transports: ['websocket'],
      reconnection: false,
    })
    await new Promise((resolve, reject) => socket.once('welcome', resolve).once('connect_error', reject))
    return new Person(socket)
  }

  /** How long it took, in milliseconds. */
  async join(room: RoomId): Promise<number> {
    const { tookMs } = await this.#join({ room })
    return tookMs
  }

  /** Comes back `times` into a room that reaches so far, each time with so many entries missed: how long each took, in milliseconds. */
  async resume(
    room: RoomId,
    { reaches, missed, times }: Record<'reaches' | 'missed' | 'times', number>,
  ): Promise<number[]> {
    const first = (await this.#socket.emitWithAck('join', { room })) as { cursor: { log: string; seq: number } }
    if (first.cursor.seq < reaches) throw new Error(`The room is at ${first.cursor.seq}.`)
    const cursor = { ...first.cursor, seq: first.cursor.seq - missed }
    const took: number[] = []
    for (let turn = 0; turn < times; turn++) {
      await new Promise((resolve) => setTimeout(resolve, PACE_MS))
      await this.#socket.emitWithAck('leave', { room })
      const { tookMs, entries } = await this.#join({ room, cursor })
      if (entries !== missed) throw new Error(`${entries} entries came.`)
      took.push(tookMs)
    }
    return took
  }

  async #join(request: { room: RoomId; cursor?: unknown }): Promise<{ tookMs: number; entries: number }> {
    const began = performance.now()
    const answer = (await this.#socket.emitWithAck('join', request)) as {
      ok: boolean
      reset?: boolean
      entries?: unknown[]
    }
    const tookMs = performance.now() - began
    if (!answer.ok || answer.reset === true) throw new Error(`Joining came to ${JSON.stringify(answer).slice(0, 200)}`)
    return { tookMs, entries: answer.entries?.length ?? 0 }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.disconnect()
  }
}
