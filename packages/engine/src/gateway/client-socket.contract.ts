import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { identity, until } from '../testing/harness.ts'
import type { Carrier, ClientSocket, Arrival, Reception } from './client-socket.ts'
import { frameOnce } from './outgoing.ts'

const encoder = new TextEncoder()
const MEBIBYTE = 1024 * 1024

/** A packet of the form of a signal, written as one that was framed for many. */
export const framed = (mark: number, padding = '') =>
  frameOnce(encoder.encode(`2["signal",${JSON.stringify(body(mark, padding))}]`))
export const body = (mark: number, padding = '') =>
  ({ room: 'a', by: { id: 'b', name: 'c' }, type: padding, body: mark }) as never

/** A carrier of an HTTP server, and who came by it. */
export interface CarrierStage extends AsyncDisposable {
  url: string
  /** The clients that came, in their order. */
  came: ClientSocket[]
  /** How many of them have gone. */
  gone: number
  hear(event: string, args: unknown[]): void
}

export type Attach = (server: HttpServer, reception: Reception) => Carrier

export async function startCarrier(attach: Attach): Promise<CarrierStage> {
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const came: ClientSocket[] = []
  const reception: Reception = {
    handshake: async (): Promise<Arrival> => ({ identity: identity(), joins: [] }),
    welcome: (socket: ClientSocket) => {
      came.push(socket)
      return { hear: (event, args) => stage.hear(event, args), gone: () => void stage.gone++ }
    },
  }
  const carrier = attach(http, reception)
  const stage: CarrierStage = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    came,
    gone: 0,
    hear: () => undefined,
    async [Symbol.asyncDispose]() {
      await carrier.close()
      http.close()
    },
  }
  return stage
}

/** A client of bare frames, and the marks that it was told, in their order. */
export async function bareClient(stage: CarrierStage) {
  const ws = new WebSocket(`${stage.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const marks: number[] = []
  ws.on('error', () => undefined)
  ws.on('message', (data: Buffer) => {
    const text = data.toString()
    if (text.startsWith('0')) ws.send('40{}')
    else if (text.startsWith('42["signal"')) marks.push(markOf(text))
  })
  const index = stage.came.length
  await until(() => stage.came.length > index)
  return { ws, marks, socket: stage.came[index] as ClientSocket }
}

/** A client by the library, told so many marks in both ways. */
export async function libraryClient(stage: CarrierStage, transport: string, count: number) {
  const marks: number[] = []
  const client = io(stage.url, { transports: [transport], forceNew: true, reconnection: false })
  client.on('signal', (said: { body: number }) => marks.push(said.body))
  await until(() => stage.came.length === 1)
  const [socket] = stage.came as [ClientSocket]
  for (let mark = 0; mark < count; mark++) {
    if (mark % 3 === 0) socket.emit('signal', body(mark))
    else socket.write(framed(mark))
    if (mark % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => marks.length === count)
  return { client, socket, marks }
}

const markOf = (text: string) => Number(/"body":(\d+)/.exec(text)?.[1])
export const marksTo = (count: number) => Array.from({ length: count }, (_, mark) => mark)

/** What every carrier of WebSockets guarantees to those who write to its clients. */
export function carrierContract(attach: Attach): void {
  test('[R2] what is emitted and what is written arrives in the order of the calls, whichever way each goes', async () => {
    await using stage = await startCarrier(attach)
    const { ws, marks, socket } = await bareClient(stage)
    let mark = 0
    for (let turn = 0; turn < 200; turn++) {
      // Runs of every length up to four, within one turn of the loop and over several.
      for (let run = 0; run <= turn % 4; run++) socket.write(framed(mark++))
      for (let run = 0; run <= turn % 3; run++) socket.emit('signal', body(mark++))
      for (let run = 0; run < turn % 3; run++) socket.tell('signal', JSON.stringify(body(mark++)))
      if (turn % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => marks.length === mark)
    expect(marks).toEqual(marksTo(mark))
    ws.terminate()
  })

  test('[R2] [R7] a reader that stood still gets all in order, and what waits for it is counted meanwhile', async () => {
    await using stage = await startCarrier(attach)
    const { ws, marks, socket } = await bareClient(stage)
    const padding = 'x'.repeat(50_000)
    ws.pause()
    let mark = 0
    let most = 0
    while (most < 3 * MEBIBYTE) {
      socket.write(framed(mark++, padding))
      socket.emit('signal', body(mark++))
      socket.write(framed(mark++, padding))
      most = Math.max(most, socket.waitingBytes())
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(most).toBeLessThan(4 * MEBIBYTE)
    ws.resume()
    await until(() => marks.length === mark)
    expect(marks).toEqual(marksTo(mark))
    await until(() => socket.waitingBytes() === 0)
    socket.write(framed(mark++))
    await until(() => marks.length === mark)
    ws.terminate()
  })

  test('[R2] what was written before the end arrives, and nothing after it', async () => {
    await using stage = await startCarrier(attach)
    const { ws, marks, socket } = await bareClient(stage)
    const padding = 'x'.repeat(50_000)
    for (let mark = 0; mark < 100; mark++) socket.write(framed(mark, padding))
    const closed = once(ws, 'close')
    socket.end()
    for (let mark = 100; mark < 120; mark++) socket.write(framed(mark))
    await closed
    expect(marks).toEqual(marksTo(100))
    expect(socket.waitingBytes()).toBe(0)
  })

  test('one that was cut, and one that has gone, is written to without a fault', async () => {
    await using stage = await startCarrier(attach)
    const { ws, socket } = await bareClient(stage)
    socket.cut()
    socket.write(framed(0))
    await once(ws, 'close')
    socket.write(framed(1))
    const other = await bareClient(stage)
    other.ws.terminate()
    while (other.socket.connected) {
      other.socket.write(framed(2))
      await new Promise((resolve) => setImmediate(resolve))
    }
    other.socket.write(framed(3))
    expect(other.socket.connected).toBe(false)
  })
}
