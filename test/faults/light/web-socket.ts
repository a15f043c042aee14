import { connect, type Socket } from 'node:net'

/** What a raw connection tells. */
export interface RawListener {
  opened(): void
  /** One whole text message; its bytes may be reused after the call. */
  text(message: Buffer): void
  /** Once, and last. Not told after `drop`. */
  closed(): void
}

const OP_TEXT = 1
const OP_CLOSE = 8
const OP_PING = 9
const OP_PONG = 10
const HEAD_END = Buffer.from('\r\n\r\n')
/** All sockets of this process read into the same memory, one after the other. */
const memory = Buffer.allocUnsafeSlow(256 * 1024)
/** Any sixteen bytes will do: what the server makes of them is not looked at. */
const KEY = 'bGlnaHQgY2xpZW50ISEhIQ=='

/**
 * A WebSocket over bare TCP that costs next to nothing, so that thousands of them measure a server and not themselves. Frames from
 * the server are taken as it sends them, whole and unmasked; its own are masked with zeros, which leaves them as they are.
 */
export class RawWebSocket {
  readonly #socket: Socket
  readonly #listener: RawListener
  #rest: Buffer | null = null
  #upgraded = false
  #over = false

  constructor(address: URL, listener: RawListener) {
    this.#listener = listener
    const onread = {
      buffer: memory,
      callback: (bytes: number) => {
        this.#take(memory.subarray(0, bytes))
        return true
      },
    }
    this.#socket = connect({ host: address.hostname, port: Number(address.port), noDelay: true, onread })
    this.#socket.on('connect', () => {
      const head = [`GET ${address.pathname}${address.search} HTTP/1.1`, `Host: ${address.host}`]
      const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
      this.#socket.write([...head, ...upgrade, `Sec-WebSocket-Key: ${KEY}`, '', ''].join('\r\n'))
    })
    // What went wrong is followed by the close.
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => this.#end())
  }

  send(text: string): void {
    if (!this.#over) this.#socket.write(frame(OP_TEXT, Buffer.from(text)))
  }

  /** Takes nothing more from the network until `resume`, as a reader does that stands still. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Ends it at once; the listener hears no more. */
  drop(): void {
    this.#over = true
    this.#socket.destroy()
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#listener.closed()
  }

  #take(chunk: Buffer): void {
    let data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = null
    if (!this.#upgraded) {
      const end = data.indexOf(HEAD_END)
      if (end < 0) {
        this.#rest = Buffer.from(data)
        return
      }
      if (!data.subarray(0, 12).toString('latin1').endsWith(' 101')) {
        this.#socket.destroy()
        return
      }
      this.#upgraded = true
      data = data.subarray(end + HEAD_END.length)
      this.#listener.opened()
    }
    let at = 0
    for (let size = sizeAt(data, at); size !== null && !this.#over; size = sizeAt(data, at)) {
      this.#frame((data[at] ?? 0) & 0x0f, data.subarray(at + size.head, at + size.head + size.body))
      at += size.head + size.body
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at))
  }

  #frame(opcode: number, body: Buffer): void {
    if (opcode === OP_TEXT) this.#listener.text(body)
    else if (opcode === OP_PING) this.#socket.write(frame(OP_PONG, body))
    else if (opcode === OP_CLOSE) this.#socket.destroy()
  }
}

/** How long the frame at this place is; null while not all of it is there. */
function sizeAt(data: Buffer, at: number): { head: number; body: number } | null {
  const left = data.length - at
  if (left < 2) return null
  const short = (data[at + 1] ?? 0) & 0x7f
  const head = short === 126 ? 4 : short === 127 ? 10 : 2
  if (left < head) return null
  const body = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short
  return left < head + body ? null : { head, body }
}

function frame(opcode: number, body: Buffer): Buffer {
  const long = body.length >= 65_536
  const medium = !long && body.length >= 126
  const head = Buffer.alloc((long ? 10 : medium ? 4 : 2) + 4)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (long ? 127 : medium ? 126 : body.length)
  if (long) head.writeBigUInt64BE(BigInt(body.length), 2)
  else if (medium) head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, body])
}
