import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Proxy } from './proxy.ts'

let ending: AsyncDisposableStack
let proxy: Proxy
let engineHeard: string
let engine: Socket | null

beforeEach(async () => {
  ending = new AsyncDisposableStack()
  engineHeard = ''
  engine = null
  const server = createServer((socket) => {
    engine = socket
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      engineHeard += chunk.toString()
      socket.write(`re ${chunk.toString()}`)
    })
  })
  ending.defer(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = ending.use(await Proxy.to((server.address() as AddressInfo).port))
})
afterEach(() => ending.disposeAsync())

test('it carries both ways, and the end of a connection', async () => {
  const client = Client.open()
  expect(await client.ask('one')).toBe('re one')
  engine?.end()
  await client.ended
})

test('a silent path says nothing to either side, and delivers all in its order when it resumes', async () => {
  const client = Client.open()
  await client.ask('one')
  proxy.silence('there', 'back')
  client.say('two')
  const another = Client.open()
  another.say('three')
  await turns()
  expect(engineHeard).toBe('one')
  proxy.resume()
  expect(await client.next()).toBe('re two')
  expect(await another.next()).toBe('re three')
})

test('one direction alone: what was asked is done, and the answer does not come', async () => {
  const client = Client.open()
  await client.ask('one')
  proxy.silence('back')
  client.say('two')
  await until(() => engineHeard === 'onetwo')
  engine?.end()
  await turns()
  expect(client.heard).toBe('re one')
  proxy.resume()
  expect(await client.next()).toBe('re two')
  await client.ended
})

test('a cut path resets what goes over it and what is tried anew', async () => {
  const client = Client.open()
  await client.ask('one')
  proxy.cut()
  await client.ended
  const another = Client.open()
  await another.ended
  expect(proxy.connections).toBe(0)
  proxy.resume()
  expect(await Client.open().ask('two')).toBe('re two')
})

test('a slow path adds its latency each way', async () => {
  const client = Client.open()
  await client.ask('one')
  proxy.delay(50)
  const began = performance.now()
  expect(await client.ask('two')).toBe('re two')
  expect(performance.now() - began).toBeGreaterThanOrEqual(100)
})

class Client {
  heard = ''
  readonly ended: Promise<void>
  readonly #socket: Socket
  #seen = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => (this.heard += chunk.toString()))
    socket.on('error', () => undefined)
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()))
  }

  static open(): Client {
    const socket = connect(proxy.port, '127.0.0.1')
    const client = new Client(socket)
    ending.defer(() => void socket.destroy())
    return client
  }

  say(text: string): void {
    this.#socket.write(text)
  }

  async ask(text: string): Promise<string> {
    this.say(text)
    return await this.next()
  }

  /** What has come since the last time. */
  async next(): Promise<string> {
    await until(() => this.heard.length > this.#seen)
    const fresh = this.heard.slice(this.#seen)
    this.#seen = this.heard.length
    return fresh
  }
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setImmediate(resolve))
}

/** Long enough for anything on loopback that was on its way. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
}
