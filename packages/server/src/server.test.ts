import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JoinAnswer, RoomId, SendAnswer, api } from '@plenary/kinds'
import { pino } from 'pino'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configFrom } from './config.ts'
import { startServer, type RunningServer } from './server.ts'

let data: string
let server: RunningServer
const sockets: Socket[] = []

async function start(): Promise<void> {
  const config = configFrom({ host: '127.0.0.1', port: '0', data })
  server = await startServer(config, { logger: pino({ level: 'silent' }) })
}
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'plenary-'))
  await start()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect()
  await server.stop()
  await rm(data, { recursive: true })
})

async function ask(
  method: string,
  path: string,
  body?: unknown,
  bearer?: string,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const create = async (title: string) =>
  (await ask('POST', '/api/events', { title })).body as { event: api.EventInfo; pass: string }
const joinBy = async (code: string, pass?: string) =>
  (await ask('POST', '/api/join', { code, name: 'Guest', ...(pass !== undefined && { pass }) }))
    .body as api.JoinEventAnswer

/** A connection that holds, or the reason why it does not. */
async function connect(gateway: string, ticket: string, headers: Record<string, string> = {}): Promise<Socket> {
  const socket = io(gateway, {
    auth: { ticket },
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: headers,
  })
  sockets.push(socket)
  await new Promise<void>((resolve, reject) => {
    socket.on('welcome', () => resolve())
    socket.on('connect_error', reject)
  })
  return socket
}

const roomOf = (event: api.EventInfo): RoomId => {
  const [room] = event.rooms
  if (room === undefined) throw new Error('The event has no room.')
  return room.id
}
const enter = async (socket: Socket, room: RoomId) => (await socket.emitWithAck('join', { room })) as JoinAnswer
const post = async (socket: Socket, room: RoomId, text: string) =>
  (await socket.emitWithAck('send', { room, id: crypto.randomUUID(), type: 'post', body: { text } })) as SendAnswer

test('a guest joins by code, talks, and reads back what was said', async () => {
  const { event } = await create('An evening')
  const { ticket, gateway, me } = await joinBy(event.code)
  expect(gateway).toBe(server.url)
  const socket = await connect(gateway, ticket)
  expect(await enter(socket, roomOf(event))).toMatchObject({ ok: true, kind: 'chat', role: 'attendee' })
  expect(await post(socket, roomOf(event), 'Hello')).toMatchObject({ ok: true })
  const { status, body } = await ask('GET', `/api/rooms/${roomOf(event)}/entries`, undefined, ticket)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    entries: [{ type: 'post', by: { id: me.id, name: 'Guest' }, body: { text: 'Hello' } }],
  })
})

test('[R6] a ticket of one event opens no room of another, by socket or by HTTP', async () => {
  const [a, b] = [await create('A'), await create('B')]
  const owner = (await ask('POST', '/api/ticket', { pass: a.pass, event: a.event.id })).body as api.TicketAnswer
  const socket = await connect(owner.gateway, owner.ticket)
  expect(await enter(socket, roomOf(b.event))).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await post(socket, roomOf(b.event), 'Hello')).toMatchObject({ ok: false, code: 'forbidden' })
  const entries = (room: string) => ask('GET', `/api/rooms/${room}/entries`, undefined, owner.ticket)
  expect(await entries(roomOf(b.event))).toMatchObject({ status: 403, body: { ok: false, code: 'forbidden' } })
  expect(await entries('nowhere')).toMatchObject({ status: 404, body: { ok: false, code: 'not_found' } })
})

test('[R6] a ban ends the connection, voids the ticket, and outlives a restart', async () => {
  const { event, pass } = await create('An evening')
  const guest = await joinBy(event.code)
  const socket = await connect(guest.gateway, guest.ticket)
  const revoked = new Promise((resolve) => socket.on('revoked', resolve))
  const gone = new Promise((resolve) => socket.on('disconnect', resolve))
  const banned = await ask(
    'PUT',
    `/api/events/${event.id}/people/${guest.me.id}`,
    { name: 'Guest', banned: true },
    pass,
  )
  expect(banned.status).toBe(200)
  expect(await revoked).toEqual({ code: 'banned' })
  await gone
  const expectShut = async () => {
    await expect(connect(server.url, guest.ticket)).rejects.toMatchObject({ data: { code: 'unauthorized' } })
    expect((await ask('GET', `/api/rooms/${roomOf(event)}/entries`, undefined, guest.ticket)).status).toBe(401)
    expect((await ask('POST', '/api/join', { code: event.code, name: 'Other', pass: guest.pass })).status).toBe(403)
  }
  await expectShut()
  await server.stop()
  await start()
  await expectShut()
})

test('[R6] a page that shows the event is cut off as soon as its key is taken back, and stays out', async () => {
  const { event, pass } = await create('An evening')
  const keys = `/api/events/${event.id}/overlay-keys`
  const { overlay, key } = (await ask('POST', keys, { label: 'Projector' }, pass)).body as {
    overlay: api.OverlayKey
    key: string
  }
  const shown = (await ask('POST', '/api/overlay', { key })).body as api.TicketAnswer
  const socket = await connect(shown.gateway, shown.ticket)
  expect(await enter(socket, roomOf(event))).toMatchObject({ ok: true, role: 'attendee' })
  expect(await post(socket, roomOf(event), 'Hello')).toMatchObject({ ok: false, code: 'forbidden' })
  const gone = new Promise((resolve) => socket.on('disconnect', resolve))
  expect((await ask('DELETE', `${keys}/${overlay.id}`, undefined, pass)).status).toBe(200)
  await gone
  await expect(connect(server.url, shown.ticket)).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  expect((await ask('POST', '/api/overlay', { key })).status).toBe(404)
})

test('[R6] a page of another site gets no connection', async () => {
  const { event } = await create('An evening')
  const { gateway, ticket } = await joinBy(event.code)
  await expect(connect(gateway, ticket, { origin: 'https://evil.test' })).rejects.toBeTruthy()
  await connect(gateway, ticket, { origin: server.url })
})

test('stopping closes what is open, in time, and may be followed by a start on the same folder', async () => {
  const { event } = await create('An evening')
  const { gateway, ticket } = await joinBy(event.code)
  const socket = await connect(gateway, ticket)
  const gone = new Promise((resolve) => socket.on('disconnect', resolve))
  await server.stop()
  await gone
  await start()
  expect((await ask('GET', '/readyz')).status).toBe(200)
})

/** What a client that builds its own requests gets for one. */
async function raw(request: string): Promise<string> {
  const socket = connectTcp(Number(new URL(server.url).port), '127.0.0.1')
  socket.write(request)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

test('a body in chunks counts like any other', async () => {
  const postInChunks = (body: string) =>
    raw(
      `POST /api/events HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    )
  expect(await postInChunks('{"title":"In chunks"}')).toMatch(/^HTTP\/1.1 201 /)
  expect(await postInChunks(`{"title":"${'x'.repeat(70_000)}"}`)).toMatch(/^HTTP\/1.1 413 [^]*"code":"too_large"/)
})

test.each([
  ['an impossible host', 'GET /api/config HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
  ['an unknown method', 'PROPFIND /api/join HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n', 404, 'not_found'],
  ['OPTIONS', 'OPTIONS /api/join HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n', 404, 'not_found'],
])('%s is refused like anything else', async (_what, request, status, code) => {
  const answer = await raw(request)
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(answer).toContain(`"code":"${code}"`)
  expect(answer).toContain('x-content-type-options: nosniff')
})
