import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureNginx, startNginx, type Nginx, type NginxNode } from '../../scripts/engines/nginx.ts'

/** A server that says who it is and what it was asked. */
class Named {
  readonly server: Server
  readonly name: string
  asked: { method: string; url: string; headers: NodeJS.Dict<string | string[]> }[] = []
  answering = true

  constructor(name: string) {
    this.name = name
    this.server = createServer((request, response) => {
      this.asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
      if (!this.answering) request.socket.destroy()
      else response.end(name)
    })
    this.server.on('upgrade', (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n${name} ${request.url}\n`,
      )
      socket.on('data', (chunk: Buffer) => socket.write(chunk))
      socket.on('error', () => socket.destroy())
      socket.on('end', () => socket.end())
    })
  }
  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return this
  }
  get node(): NginxNode {
    return {
      name: this.name,
      address: `127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      http: true,
      gateway: true,
    }
  }
  async close(): Promise<void> {
    this.server.closeAllConnections()
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve))
  }
}

const missing = (await ensureNginx()) === null
if (missing) console.log('The tests of nginx are left out: it is not installed.')

describe.skipIf(missing)('nginx with the configuration that is deployed', () => {
  let one: Named
  let two: Named
  let door: Nginx
  beforeAll(async () => {
    one = await new Named('node-1').listen()
    two = await new Named('node-2').listen()
    door = await startNginx({ nodes: [one.node, two.node] })
  })
  afterAll(async () => {
    await door[Symbol.asyncDispose]()
    await Promise.all([one.close(), two.close()])
  })
  // Each over a connection of its own: a kept one may still be the old worker's after a reload.
  const get = (path: string, init?: RequestInit) => {
    const headers = new Headers(init?.headers)
    headers.set('connection', 'close')
    return fetch(`${door.url}${path}`, { ...init, headers })
  }
  const texts = async (count: number) => {
    const answers: string[] = []
    for (let asked = 0; asked < count; asked++) answers.push(await (await get('/api/config')).text())
    return new Set(answers)
  }

  test('spreads what is for no node in particular', async () => {
    expect(await texts(10)).toEqual(new Set(['node-1', 'node-2']))
  })

  test('reaches one gateway by the name of its node, under its own paths, and says who asks', async () => {
    expect(await (await get('/n/node-2/socket.io/?EIO=4&transport=polling')).text()).toBe('node-2')
    expect(two.asked.at(-1)).toMatchObject({
      url: '/socket.io/?EIO=4&transport=polling',
      headers: { host: new URL(door.url).host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
    })
  })

  test('carries an upgraded connection both ways', async () => {
    const socket = connect(door.port, '127.0.0.1')
    const chunks = socket[Symbol.asyncIterator]()
    socket.write('GET /n/node-1/socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    let text = ''
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) text += String((await chunks.next()).value)
    }
    await until('node-1 /socket.io/')
    socket.write('ping')
    await until('ping')
    socket.destroy()
  })

  test('answers for a gateway that is not there with a temporary failure', async () => {
    const answer = await get('/n/node-9/socket.io/')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ ok: false, code: 'unavailable', temporary: true })
  })

  test('refuses a body that no command can have', async () => {
    const answer = await get('/api/events', { method: 'POST', body: Buffer.alloc(3_000_000) })
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 413,
      body: { code: 'too_large' },
    })
  })

  test.each(['/metrics', '/n/node-1/metrics', '/n/node-1/%6detrics', '/n/node-1//metrics', '/n/node-1/x/../metrics'])(
    'keeps the figures inside: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  test('asks another node when one breaks off, unless that could do a thing twice', async () => {
    one.answering = false
    const before = [one, two].map(({ asked }) => asked.filter(({ method }) => method === 'POST').length)
    const posted = await get('/api/events', { method: 'POST', body: '{}' })
    const posts = [one, two].map(
      ({ asked }, place) => asked.filter(({ method }) => method === 'POST').length - (before[place] ?? 0),
    )
    expect(posts.reduce((sum, each) => sum + each)).toBe(1)
    expect(posted.status).toBe(posts[0] === 1 ? 503 : 200)
    expect(await texts(6)).toEqual(new Set(['node-2']))
    one.answering = true
  })

  test('follows nodes that come and go, and keeps the connections of those that go', async () => {
    const socket = connect(door.port, '127.0.0.1')
    const chunks = socket[Symbol.asyncIterator]()
    socket.write('GET /n/node-1/socket.io/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await heard(chunks, 'node-1')
    await door.setNodes([two.node])
    expect(await texts(6)).toEqual(new Set(['node-2']))
    expect((await get('/n/node-1/socket.io/')).status).toBe(503)
    socket.write('still')
    await heard(chunks, 'still')
    socket.destroy()
  })

  test('comes back after a kill on the same port with the same nodes', async () => {
    await door.kill()
    await expect(get('/api/config')).rejects.toThrow()
    await door.restart()
    expect(await (await get('/n/node-2/readyz')).text()).toBe('node-2')
  })
})

/** Reads on until this has come, in however many pieces. Throws when the connection ends before. */
async function heard(chunks: AsyncIterator<Buffer>, text: string): Promise<void> {
  let soFar = ''
  while (!soFar.includes(text)) {
    const { value, done } = (await chunks.next()) as IteratorResult<Buffer, undefined>
    if (done === true) throw new Error(`The connection ended without “${text}”: ${soFar}`)
    soFar += value.toString('utf8')
  }
}
