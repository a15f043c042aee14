import { randomUUID } from 'node:crypto'
import type { RoomId } from '@plenary/kinds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { open, openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

/** Any Yjs editor with its stock provider. */
function stock(ticket: string, room: string = stage.room) {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(stage.url.replace('http', 'ws') + '/y', room, doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
    params: { ticket },
  })
  return {
    doc,
    provider,
    text: doc.getText('text'),
    synced: () => expect.poll(() => provider.synced).toBe(true),
    [Symbol.dispose]() {
      provider.destroy()
      doc.destroy()
    },
  }
}

test('a stock provider joins, edits and sees edits, beside our own', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  ann.text.insert(0, 'Ours. ')
  await ann.provider.saved()
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  expect(bob.text.toJSON()).toBe('Ours. ')
  bob.text.insert(6, 'Theirs.')
  await expect.poll(() => ann.text.toJSON()).toBe('Ours. Theirs.')
  ann.text.insert(0, 'And ')
  await expect.poll(() => bob.text.toJSON()).toBe('And Ours. Theirs.')
  expect(ann.provider.authorOf(bob.doc.clientID)).toMatchObject({ name: 'Bob' })
})

test('what it wrote while it was away is merged, and coming back with nothing new leaves no entry', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  bob.provider.disconnect()
  bob.text.insert(0, 'Away. ')
  bob.text.delete(0, 1)
  bob.provider.connect()
  await expect.poll(() => ann.text.toJSON()).toContain('way. ')
  const before = ann.room.snapshot.seq
  bob.provider.disconnect()
  bob.provider.connect()
  await bob.synced()
  ann.text.insert(0, '.')
  await ann.provider.saved()
  await expect.poll(() => bob.text.toJSON()).toBe(ann.text.toJSON())
  expect(ann.room.snapshot.seq).toBe(before + 1)
})

test('each sees where the other is, under the name that the ticket says', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  ann.provider.awareness.setLocalStateField('user', { color: '#123456' })
  bob.provider.awareness.setLocalStateField('user', { name: 'The Queen', color: '#654321' })
  const seenBy = (who: { provider: { awareness: WebsocketProvider['awareness'] } }, client: number) =>
    expect.poll(() => who.provider.awareness.getStates().get(client)?.['user'] as unknown)
  await seenBy(bob, ann.doc.clientID).toMatchObject({ name: 'Ann', color: '#123456' })
  await seenBy(ann, bob.doc.clientID).toMatchObject({ name: 'Bob', color: '#654321' })
  bob.provider.ws?.close()
  bob.provider.disconnect()
  await seenBy(ann, bob.doc.clientID).toBeUndefined()
})

test('[R6] a wrong ticket is refused, and so are another event’s, no ticket, and a room that there is not', async () => {
  const other = await stage.owner.createEvent({ title: 'Another evening' })
  const foreign = await stage.ticketOf('Eve', other.event.code)
  const own = await stage.ticketOf('Ann')
  const attempts: [number, string, string][] = [
    [401, stage.room, 'not-a-ticket'],
    [401, stage.room, ''],
    [401, stage.room, own.slice(0, -2)],
    [404, '..%2f..', own],
  ]
  for (const [status, room, ticket] of attempts) expect(await statusOf(room, ticket)).toBe(status)
  for (const [room, ticket] of [
    [stage.room, foreign],
    [randomUUID(), own],
  ] as [string, string][]) {
    using eve = stock(ticket, room)
    const closed = new Promise<number>((resolve) =>
      eve.provider.on('connection-close', (event) => resolve(event?.code ?? 0)),
    )
    expect([4403, 4404]).toContain(await closed)
    expect(eve.text.toJSON()).toBe('')
  }
})

async function statusOf(room: string, ticket: string): Promise<number> {
  const webSocket = new WebSocket(`${stage.url.replace('http', 'ws')}/y/${room}?ticket=${ticket}`)
  return await new Promise((resolve, reject) => {
    webSocket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    webSocket.on('open', () => reject(new Error('It opened.')))
    webSocket.on('error', () => undefined)
  })
}

test('who may only read is told, sees edits, and changes nothing', async () => {
  const { event } = await stage.owner.createEvent({ title: 'Read only' })
  const room = event.rooms[0]?.id as RoomId
  const owners = await stage.owner.open(event.id)
  using desk = open(owners, room)
  await desk.provider.saved()
  await desk.room.send('shareWithRole', { role: 'attendee', level: 'view' })
  using bob = stock(await stage.ticketOf('Bob', event.code), room)
  await bob.synced()
  bob.text.insert(0, 'mine')
  desk.text.insert(0, 'Hello')
  await expect.poll(() => bob.text.toJSON()).toContain('Hello')
  expect(desk.text.toJSON()).toBe('Hello')
  owners.close()
})

test('broken messages cost only their own connection', async () => {
  const ticket = await stage.ticketOf('Mallory')
  for (const bytes of [
    [],
    [9],
    [0],
    [0, 0],
    [0, 2, 200],
    [0, 0, 2, 255, 255],
    [0, 2, 3, 255, 255, 255],
    [1, 3, 1, 1, 1],
  ]) {
    const webSocket = new WebSocket(`${stage.url.replace('http', 'ws')}/y/${stage.room}?ticket=${ticket}`)
    await new Promise((resolve) => webSocket.on('open', resolve))
    webSocket.send(Uint8Array.from(bytes))
    webSocket.send(Uint8Array.from([0, 0, 1, 0]))
    await new Promise<void>((resolve) => {
      webSocket.on('close', () => resolve())
      webSocket.on('message', () => resolve())
    })
    webSocket.terminate()
  }
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
})
