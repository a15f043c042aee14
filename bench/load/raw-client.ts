import { connect, type Socket } from 'node:net'
import type { Buffer as Bytes } from 'node:buffer'
import { FrameReader, type FrameListener } from './frame-reader.ts'
import { clientFrame } from './frames.ts'

/** Any sixteen bytes will do: what the server makes of them is not looked at. */
const KEY = 'YmVuY2htYXJraW5nISEhIQ=='
const HEAD_END = Buffer.from('\r\n\r\n')
/** All sockets of this process read into the same memory, one after the other. */
const READ_BYTES = 256 * 1024
const memory = Buffer.allocUnsafeSlow(READ_BYTES)

export interface RawClientListener extends FrameListener {
  opened(): void
  /** Once, and last, also when it never opened. */
  closed(): void
}

/** A WebSocket over bare TCP. */
export class RawClient {
  readonly #socket: Socket
  readonly #reader: FrameReader
  readonly #listener: RawClientListener
  #head: Bytes | null = Buffer.alloc(0)

  /** From `localAddress`, as one address has too few ports for everybody. */
  constructor(target: { port: number; path: string; localAddress: string }, listener: RawClientListener) {
    this.#listener = listener
    this.#reader = new FrameReader(listener)
    const onread = {
      buffer: memory,
      callback: (bytes: number) => {
        this.#take(bytes)
        return true
      },
    }
    const { port, localAddress } = target
    this.#socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true, onread })
    const lines = ['Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
    this.#socket.write(`GET ${target.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`)
    // What went wrong is followed by the close.
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => listener.closed())
  }

  say(text: string): void {
    this.#socket.write(clientFrame(text))
  }

  drop(): void {
    this.#socket.destroy()
  }

  #take(bytes: number): void {
    if (this.#head === null) return this.#reader.read(memory, 0, bytes)
    const head = Buffer.concat([this.#head, memory.subarray(0, bytes)])
    const end = head.indexOf(HEAD_END)
    if (end < 0) {
      this.#head = head
      return
    }
    if (head.subarray(0, 12).toString('latin1') !== 'HTTP/1.1 101') return this.drop()
    this.#head = null
    this.#listener.opened()
    this.#reader.read(head, end + HEAD_END.length, head.length)
  }
}
