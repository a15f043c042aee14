import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { RawWebSocket } from './web-socket.ts'

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 200_000]

/** A server's frame of this many letters. */
function frame(size: number): Buffer {
  const body = Buffer.alloc(size, 'x')
  if (size < 126) return Buffer.concat([Buffer.from([0x81, size]), body])
  const head = Buffer.alloc(size < 65_536 ? 4 : 10)
  head[0] = 0x81
  head[1] = size < 65_536 ? 126 : 127
  if (size < 65_536) head.writeUInt16BE(size, 2)
  else head.writeBigUInt64BE(BigInt(size), 2)
  return Buffer.concat([head, body])
}

test.each([1, 7, 1_000, 1_000_000])(
  'frames are whole however they are cut, here into pieces of %i bytes',
  async (piece) => {
    const server = createServer((socket: Socket) => {
      socket.once('data', () => {
        const sizes = piece === 1 ? SIZES.slice(0, 4) : SIZES
        const all = Buffer.concat([Buffer.from('HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n'), ...sizes.map(frame)])
        for (let at = 0; at < all.length; at += piece) socket.write(all.subarray(at, at + piece))
        socket.end()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const got: number[] = []
    await new Promise<void>((resolve) => {
      const socket = new RawWebSocket(new URL(`ws://127.0.0.1:${port}/x`), {
        opened: () => undefined,
        text: (message) => void got.push(message.length),
        closed: resolve,
      })
      expect(socket).toBeDefined()
    })
    server.close()
    expect(got).toEqual(piece === 1 ? SIZES.slice(0, 4) : SIZES)
  },
)
