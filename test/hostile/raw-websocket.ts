import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { frame, OPCODE } from './frames.ts'

const WAIT_MS = 30_000
const PATH = '/socket.io/?EIO=4&transport=websocket'

/** A WebSocket client of bare bytes, which sends whatever it is given and notes what comes back. */
export class RawWebSocket implements Disposable {
  /** Text messages, as they came. */
  readonly texts: string[] = []
  readonly pongs: string[] = []
  /** Acknowledgements by their id, each as the text of its one argument. */
  readonly answers = new Map<number, string>()
  /** The code of the close frame; null for one without a code; undefined while there was none. */
  closeCode: number | null | undefined
  /** The status line of an answer that was no upgrade. */
  refusal: string | undefined
  /** Called with each text message, also with acknowledgements, before it is noted. */
  onText: ((text: string) => void) | undefined
  /** The peer has ended it. */
  ended = false
  readonly #socket: Socket
  #upgraded = false
  #rest = Buffer.alloc(0)
  readonly #waiting = new Set<() => void>()

  private constructor(url: string, head: Record<string, string>, path: string) {
    const { hostname, port, host } = new URL(url)
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const lines = Object.entries({
      Host: host,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...head,
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#socket.on('error', () => undefined)
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      this.ended = true
      this.#wake()
    })
  }

  /** Resolves once it is open, or refused. */
  static async open(url: string, head: Record<string, string> = {}, path = PATH): Promise<RawWebSocket> {
    const client = new RawWebSocket(url, head, path)
    await client.until(() => client.#upgraded || client.ended, 'an answer to the upgrade')
    return client
  }

  /** Opens it and takes part with this ticket, and in these rooms from the start; resolves with the answer to the handshake. */
  static async enter(
    url: string,
    ticket: string,
    onText?: (text: string) => void,
    join?: readonly { room: string }[],
  ): Promise<{ client: RawWebSocket; answer: string }> {
    const client = await RawWebSocket.open(url)
    client.onText = onText
    client.say(`40${JSON.stringify({ ticket, join })}`)
    const said = () => client.texts.find((text) => text.startsWith('40') || text.startsWith('44'))
    await client.until(() => said() !== undefined || client.ended, 'an answer to the handshake')
    return { client, answer: said() ?? '' }
  }

  write(bytes: Buffer | string): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }

  /** One text message. */
  say(text: string): void {
    this.write(frame({ payload: text }))
  }

  /** Stops reading. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Bytes that the other side does not take. */
  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  /** Sends one message and resolves with its acknowledgement. */
  async ask(id: number, event: string, body: unknown): Promise<unknown> {
    this.say(`42${id}${JSON.stringify([event, body])}`)
    await this.until(() => this.answers.has(id) || this.ended, `the answer to ${event}`)
    return JSON.parse(this.answers.get(id) ?? 'null')
  }

  /** Resolves once the condition holds; it is looked at whenever something came. */
  async until(holds: () => boolean, what: string, waitMs = WAIT_MS): Promise<void> {
    if (holds()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new Error(`${what} did not come in ${waitMs} ms`)), waitMs)
    const look = () => {
      if (holds()) resolve()
    }
    this.#waiting.add(look)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(look)
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #wake(): void {
    for (const look of this.#waiting) look()
  }

  #read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    if (!this.#upgraded && !this.#readHead()) return
    while (this.#readFrame());
    this.#wake()
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return false
    const status = this.#rest.subarray(0, this.#rest.indexOf('\r\n')).toString('latin1')
    if (!status.startsWith('HTTP/1.1 101')) {
      this.refusal = status
      return false
    }
    this.#upgraded = true
    this.#rest = this.#rest.subarray(end + 4)
    return true
  }

  #readFrame(): boolean {
    const [first, second] = this.#rest
    if (first === undefined || second === undefined) return false
    let [length, start] = [second & 0x7f, 2]
    if (length === 126) {
      if (this.#rest.length < 4) return false
      ;[length, start] = [this.#rest.readUInt16BE(2), 4]
    } else if (length === 127) {
      if (this.#rest.length < 10) return false
      ;[length, start] = [Number(this.#rest.readBigUInt64BE(2)), 10]
    }
    if (this.#rest.length < start + length) return false
    const payload = this.#rest.subarray(start, start + length)
    this.#rest = this.#rest.subarray(start + length)
    this.#take(first & 0x0f, payload)
    return true
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.pong) this.pongs.push(payload.toString())
    if (opcode === OPCODE.close) {
      this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : null
      // As the protocol asks: what is left of the connection is ended now.
      this.#socket.end()
    }
    if (opcode !== OPCODE.text) return
    const text = payload.toString()
    this.onText?.(text)
    if (text === '2') return this.say('3')
    const [, id, answer] = /^43(\d+)\[(.*)\]$/s.exec(text) ?? []
    if (answer === undefined) this.texts.push(text)
    else this.answers.set(Number(id), answer)
  }
}
