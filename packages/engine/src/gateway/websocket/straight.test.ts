import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { until } from '../../testing/harness.ts'
import { straightTo } from './straight.ts'

test('this Node writes in the way that is known, and from the second socket on so does a gateway', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const clients: Socket[] = []
  const open = async () => {
    const client = connect(port, '127.0.0.1')
    clients.push(client)
    const [socket] = (await once(server, 'connection')) as [Socket]
    let heard = ''
    client.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')))
    return { socket, heard: () => heard }
  }
  try {
    const first = await open()
    expect(straightTo(first.socket)).toBeNull()
    first.socket.write(Buffer.from('through the stream'))
    const second = await open()
    const handle = straightTo(second.socket)
    expect(handle?.writeBuffer(null, Buffer.from('straight'))).toBe(0)
    second.socket.write(Buffer.from(', then not'))
    await until(() => first.heard() === 'through the stream' && second.heard() === 'straight, then not')
  } finally {
    for (const client of clients) client.destroy()
    server.close()
  }
})
