import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, RoomId, SendAnswer } from '@plenary/kinds'
import { io, type Socket } from 'socket.io-client'

/** Two who keep to the protocol, to tell whether the others are noticed: one says things all the time, the other reads. */
export class HealthyPair implements AsyncDisposable {
  readonly #writer: Socket
  readonly #reader: Socket
  readonly #room: RoomId
  readonly #heard: string[] = []
  readonly #said: string[] = []
  readonly #failures: string[] = []
  readonly #waitsMs: number[] = []
  #again = 0
  readonly #stop = new AbortController()
  readonly #talking: Promise<void>

  private constructor(room: RoomId, writer: Socket, reader: Socket, everyMs: number) {
    this.#room = room
    this.#writer = writer
    this.#reader = reader
    reader.on('batch', ({ entries }: Batch) => {
      for (const { type, body } of entries) if (type === 'post') this.#heard.push((body as { text: string }).text)
    })
    for (const socket of [writer, reader])
      socket.on('disconnect', (reason) => this.#failures.push(`disconnected: ${reason}`))
    this.#talking = this.#talk(everyMs)
  }

  /** Connects both and begins to talk, a message every so many milliseconds. */
  static async begin(
    url: string,
    room: RoomId,
    tickets: { writer: string; reader: string },
    everyMs = 100,
  ): Promise<HealthyPair> {
    const [writer, reader] = [await enter(url, tickets.writer, room), await enter(url, tickets.reader, room)]
    return new HealthyPair(room, writer, reader, everyMs)
  }

  /** Stops talking, waits for what is on its way, and tells what went wrong; empty when nothing did. */
  async verdict(): Promise<{ failed: string[]; said: number; again: number; waitP99Ms: number; waitMaxMs: number }> {
    this.#stop.abort()
    await this.#talking
    const deadline = performance.now() + 10_000
    while (this.#heard.length < this.#said.length && performance.now() < deadline) await sleep(10)
    const failed = [...this.#failures]
    if (this.#heard.join() !== this.#said.join())
      failed.push(`said ${this.#said.length}, heard ${this.#heard.length}, not the same in the same order`)
    const waits = this.#waitsMs.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0)
    return { failed, said: this.#said.length, again: this.#again, waitP99Ms: at(0.99), waitMaxMs: at(1) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    for (const socket of [this.#writer, this.#reader]) {
      socket.removeAllListeners('disconnect')
      socket.disconnect()
    }
    await this.#talking
  }

  async #talk(everyMs: number): Promise<void> {
    const { signal } = this.#stop
    for (let at = 0; !signal.aborted; at++) {
      const text = `healthy ${at}`
      const began = performance.now()
      try {
        const code = await this.#say(text)
        if (code === null) this.#said.push(text)
        else this.#failures.push(`${text}: ${code}`)
      } catch (error) {
        if (!signal.aborted) this.#failures.push(`${text}: ${String(error)}`)
      }
      this.#waitsMs.push(performance.now() - began)
      await sleep(everyMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** As the protocol asks: the same command again after a temporary failure. Null when it was taken, otherwise why not. */
  async #say(text: string): Promise<string | null> {
    const command = { room: this.#room, id: randomUUID(), type: 'post', body: { text } }
    for (let tries = 0; ; tries++) {
      const sent = tries === 0 ? command : { ...command, again: true }
      const answer = (await this.#writer.timeout(10_000).emitWithAck('send', sent)) as SendAnswer
      if (answer.ok) return null
      if (!answer.temporary || tries === 10) return answer.code
      this.#again += 1
      await sleep(answer.retryAfter ?? 100)
    }
  }
}

async function enter(url: string, ticket: string, room: RoomId): Promise<Socket> {
  const socket = io(url, { auth: { ticket }, transports: ['websocket'], reconnection: false, forceNew: true })
  await new Promise<void>((resolve, reject) => {
    socket.on('welcome', () => resolve())
    socket.on('connect_error', reject)
  })
  const joined = (await socket.emitWithAck('join', { room })) as { ok: boolean; code?: string }
  if (!joined.ok) throw new Error(`A healthy client could not join: ${joined.code}`)
  return socket
}
