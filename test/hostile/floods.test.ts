import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '@plenary/kinds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flood } from './flood.ts'
import { frame, OPCODE } from './frames.ts'
import { HealthyPair } from './healthy.ts'
import type { MalformedClass } from './malformed.ts'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Guest, type Stage, type TestEvent } from './stage.ts'

/** Those who come and say nothing are sent away after ten seconds. */
const HANDSHAKE_MS_MAX = 13_000

let stage: Stage
let event: TestEvent
let guest: Guest
let room: string
let healthy: HealthyPair
beforeAll(async () => {
  stage = await openStage()
  const { place } = stage
  event = await place.createEvent()
  guest = await place.guest(event)
  const [first] = event.rooms
  if (first === undefined) throw new Error('The event has no room.')
  room = first
  healthy = await HealthyPair.begin(place.url, first, {
    writer: (await place.guest(event)).ticket,
    reader: (await place.guest(event)).ticket,
  })
})
afterAll(async () => {
  await healthy[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

const asking = (name: string, body: (room: string) => unknown): MalformedClass => ({
  name,
  outcome: { is: 'ignored' },
  make: (_, id, where) => frame({ payload: `42${id}${JSON.stringify([name, body(where)])}` }),
})

test.each([
  asking('join', (where) => ({ room: where })),
  asking('leave', (where) => ({ room: where })),
  asking('send', (where) => ({
    room: where,
    id: crypto.randomUUID(),
    type: 'react',
    body: { target: 1, emoji: '👍', on: true },
  })),
  asking('nothing', () => ({})),
])('[R7] a flood of $name is refused past its rate, and then ended', async (each) => {
  expect(await flood(stage.place.url, { seed: 1, classes: [each], ticket: guest.ticket, room })).toEqual([])
})

test('[R7] of a flood of signals others are told as many as the kind says, and it is not ended', async () => {
  using telling = (await RawWebSocket.enter(stage.place.url, guest.ticket)).client
  using told = (await RawWebSocket.enter(stage.place.url, (await stage.place.guest(event)).ticket)).client
  for (const client of [telling, told]) await client.ask(1, 'join', { room })
  const one = `42${JSON.stringify(['signal', { room, type: 'typing', body: { on: true } }])}`
  const began = performance.now()
  telling.write(Buffer.concat(Array.from({ length: 20_000 }, () => frame({ payload: one }))))
  expect(await telling.ask(2, 'leave', { room: 'nowhere' })).toEqual({ ok: true })
  await told.ask(2, 'leave', { room: 'nowhere' })
  const heard = told.texts.filter((text) => text.startsWith('42["signal"')).length
  expect(heard).toBeGreaterThan(0)
  expect(heard).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - began) / 1_000) * 2)
})

test('[R7] one person has fifty connections on a gateway, and the next is put off', async () => {
  const one = await stage.place.guest(event)
  const all = await Promise.all(
    Array.from({ length: LIMITS.connectionsPerPerson + 10 }, () => RawWebSocket.enter(stage.place.url, one.ticket)),
  )
  expect(
    all.filter(({ client }) => !client.ended && client.texts.some((text) => text.startsWith('42["welcome"'))),
  ).toHaveLength(LIMITS.connectionsPerPerson)
  const { client, answer } = await RawWebSocket.enter(stage.place.url, one.ticket)
  expect(answer).toMatch(/^44\{.*"code":"rate_limited".*"retryAfter":/)
  await client.until(() => client.ended, 'the end of a connection that was refused')
  for (const each of all) each.client[Symbol.dispose]()
})

test('[R7] a second CONNECT, or a thousand at once, makes one client', async () => {
  using client = await RawWebSocket.open(stage.place.url)
  const one = frame({ payload: `40${JSON.stringify({ ticket: guest.ticket })}` })
  client.write(Buffer.concat(Array.from({ length: 1_000 }, () => one)))
  await client.until(() => client.ended, 'the end of one who is many')
  expect(client.texts.filter((text) => text.startsWith('42["welcome"')).length).toBeLessThanOrEqual(1)
})

test('[R7] those who connect and say nothing, or leave the namespace, are sent away', async () => {
  const silent = await Promise.all(Array.from({ length: 100 }, () => RawWebSocket.open(stage.place.url)))
  const left = await Promise.all(
    Array.from({ length: 20 }, async () => (await RawWebSocket.enter(stage.place.url, guest.ticket)).client),
  )
  for (const client of left) client.say('41')
  for (const client of left) await client.until(() => client.ended, 'the end of one who left')
  for (const client of silent)
    await client.until(() => client.ended, 'the end of one who says nothing', HANDSHAKE_MS_MAX)
})

test('[R7] a peer that makes the server answer and never reads is ended before much waits for it', async () => {
  using client = (await RawWebSocket.enter(stage.place.url, guest.ticket)).client
  client.pause()
  const pings = Buffer.concat(
    Array.from({ length: 8_000 }, () => frame({ opcode: OPCODE.ping, payload: 'x'.repeat(125) })),
  )
  let sent = 0
  while (!client.ended && sent < 300 * 1024 * 1024) {
    client.write(pings)
    sent += pings.length
    await sleep(1)
    while (!client.ended && client.unsentBytes > 4 * 1024 * 1024) await sleep(1)
  }
  expect(client.ended).toBe(true)
})

test('[R7] requests that go on for ever are answered with what they are: too large, or not read at all', async () => {
  const { hostname, port } = new URL(stage.place.url)
  const raw = (head: string, chunk: string, times: number) =>
    new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname)
      let answer = ''
      socket.on('data', (data: Buffer) => (answer += data.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(answer))
      socket.on('end', () => socket.destroy())
      socket.write(head)
      for (let at = 0; at < times; at++) socket.write(chunk)
    })
  const get = 'GET /api/config HTTP/1.1\r\nHost: a\r\nConnection: close\r\n'
  expect(await raw(`${get}X: `, 'x'.repeat(10_000), 10)).toMatch(/^HTTP\/1.1 413 [^]*nosniff[^]*"code":"too_large"/)
  expect(await raw(get, 'a: b\r\n', 20_000)).toMatch(/^HTTP\/1.1 413 [^]*nosniff[^]*"code":"too_large"/)
  expect(await raw('not http at all\r\n\r\n', '', 0)).toMatch(/^HTTP\/1.1 400 [^]*nosniff[^]*"code":"bad_request"/)
  expect(
    await raw(
      'POST /api/join HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n',
      'x',
      1,
    ),
  ).toMatch(/^HTTP\/1.1 413 /)
  expect(
    await raw(
      'POST /api/join HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
      '0\r\n\r\n',
      1,
    ),
  ).toMatch(/^HTTP\/1.1 400 /)
})

test('[R7] those beside them noticed nothing', async () => {
  expect((await healthy.verdict()).failed).toEqual([])
})
