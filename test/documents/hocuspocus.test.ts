import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type { RoomId } from '@plenary/kinds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { open, openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

/** An editor with Hocuspocus's stock provider. */
function stock(ticket: string, room: string = stage.room) {
  const doc = new Y.Doc()
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: `${stage.url.replace('http', 'ws')}/y/${room}?ticket=${ticket}`,
    WebSocketPolyfill: WebSocket,
    maxAttempts: 1,
  })
  const provider = new HocuspocusProvider({ websocketProvider, name: room, document: doc })
  provider.attach()
  return {
    doc,
    provider,
    text: doc.getText('text'),
    synced: () => expect.poll(() => provider.synced).toBe(true),
    saved: () => expect.poll(() => provider.hasUnsyncedChanges).toBe(false),
    [Symbol.dispose]() {
      provider.destroy()
      websocketProvider.destroy()
      doc.destroy()
    },
  }
}

test('Hocuspocus’s stock provider joins, edits and sees edits, and is told what is saved', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  ann.text.insert(0, 'Ours. ')
  await ann.provider.saved()
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  expect(bob.text.toJSON()).toBe('Ours. ')
  expect(bob.provider.authorizedScope).toBe('read-write')
  bob.text.insert(6, 'Theirs.')
  bob.text.insert(13, ' All of it.')
  expect(bob.provider.hasUnsyncedChanges).toBe(true)
  await bob.saved()
  expect(Y.encodeStateVector((await read(session)).doc)).toEqual(Y.encodeStateVector(bob.doc))
  await expect.poll(() => ann.text.toJSON()).toBe('Ours. Theirs. All of it.')
  ann.text.insert(0, 'And ')
  await expect.poll(() => bob.text.toJSON()).toBe('And Ours. Theirs. All of it.')
  expect(ann.provider.authorOf(bob.doc.clientID)).toMatchObject({ name: 'Bob' })
})

async function read(session: Awaited<ReturnType<Stage['join']>>['session']) {
  const { update } = await session.documentAt(stage.room)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, Buffer.from(update, 'base64url'))
  return { doc }
}

test('what it wrote while it was away is merged', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  bob.provider.configuration.websocketProvider.disconnect()
  bob.text.insert(0, 'Away. ')
  ann.text.insert(0, 'Here. ')
  await ann.provider.saved()
  void bob.provider.configuration.websocketProvider.connect()
  await expect.poll(() => ann.text.toJSON()).toContain('Away. ')
  await expect.poll(() => bob.text.toJSON()).toBe(ann.text.toJSON())
  await bob.saved()
})

test('each sees where the other is, under the name that the ticket says', async () => {
  const { session } = await stage.join('Ann')
  using ann = open(session, stage.room)
  using bob = stock(await stage.ticketOf('Bob'))
  await bob.synced()
  ann.provider.awareness.setLocalStateField('user', { color: '#123456' })
  bob.provider.setAwarenessField('user', { name: 'The Queen', color: '#654321' })
  await expect
    .poll(() => bob.provider.awareness?.getStates().get(ann.doc.clientID)?.['user'] as unknown)
    .toMatchObject({ name: 'Ann', color: '#123456' })
  await expect
    .poll(() => ann.provider.awareness.getStates().get(bob.doc.clientID)?.['user'] as unknown)
    .toMatchObject({ name: 'Bob', color: '#654321' })
})

test('[R6] a wrong ticket opens nothing, and who may only read is told so and changes nothing', async () => {
  using eve = stock('not-a-ticket')
  const { event } = await stage.owner.createEvent({ title: 'Read only' })
  const room = event.rooms[0]?.id as RoomId
  const owners = await stage.owner.open(event.id)
  using desk = open(owners, room)
  await desk.provider.saved()
  await desk.room.send('shareWithRole', { role: 'attendee', level: 'view' })
  using bob = stock(await stage.ticketOf('Bob', event.code), room)
  await bob.synced()
  expect(bob.provider.authorizedScope).toBe('readonly')
  const denied = new Promise<string>((resolve) =>
    bob.provider.on('authenticationFailed', ({ reason }: { reason: string }) => resolve(reason)),
  )
  bob.text.insert(0, 'mine')
  expect(await denied).toBe('You may not change this document.')
  expect(bob.provider.hasUnsyncedChanges).toBe(true)
  desk.text.insert(0, 'Hello')
  await expect.poll(() => bob.text.toJSON()).toContain('Hello')
  expect(desk.text.toJSON()).toBe('Hello')
  expect(eve.provider.synced).toBe(false)
  expect(eve.text.toJSON()).toBe('')
  owners.close()
})
