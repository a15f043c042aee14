import { connect, type Socket } from 'node:net'

/** What an HTTP server answered. */
export interface HttpAnswer {
  status: number
  body: string
}

const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * One kept HTTP connection over bare TCP that costs next to nothing: one request at a time, answers with a length or in chunks, and
 * nothing of their heads looked at but that.
 */
export class HttpWire {
  readonly #socket: Socket
  #rest: Buffer = Buffer.alloc(0)
  #waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | null = null
  #ended = false

  /** `from` is the loopback address that it calls from. */
  constructor(host: string, port: number, from: string) {
    this.#socket = connect({ host, port, localAddress: from, noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    // What went wrong is followed by the close.
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => this.end())
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Rejects when the connection ends first. Only one is under way at a time. */
  async ask(request: string): Promise<HttpAnswer> {
    return await new Promise((resolve, reject) => {
      if (this.#ended) return reject(new Error('The connection has ended.'))
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  /** Ends it at once, and whatever is under way with it. */
  end(): void {
    this.#ended = true
    this.#socket.destroy()
    this.#waiting?.reject(new Error('The connection has ended.'))
    this.#waiting = null
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const headEnd = this.#rest.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = this.#rest.toString('latin1', 0, headEnd).toLowerCase()
    const body = head.includes('\r\ntransfer-encoding: chunked')
      ? chunked(this.#rest, headEnd + HEAD_END.length)
      : sized(this.#rest, headEnd + HEAD_END.length, Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0))
    if (body === null) return
    this.#rest = Buffer.alloc(0)
    const waiting = this.#waiting
    this.#waiting = null
    if (head.includes('\r\nconnection: close')) this.end()
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: body.toString() })
  }
}

function sized(data: Buffer, at: number, bytes: number): Buffer | null {
  return data.length < at + bytes ? null : data.subarray(at, at + bytes)
}

/** Null while not all of it is there. */
function chunked(data: Buffer, from: number): Buffer | null {
  const parts: Buffer[] = []
  for (let at = from; ;) {
    const lineEnd = data.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const bytes = Number.parseInt(data.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + bytes + 2
    if (data.length < next) return null
    if (bytes === 0) return Buffer.concat(parts)
    parts.push(data.subarray(lineEnd + 2, lineEnd + 2 + bytes))
    at = next
  }
}
