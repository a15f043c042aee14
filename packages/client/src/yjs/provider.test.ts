import { document, failure, type Json, type UserId } from '@plenary/kinds'
import { toBase64Url } from '@plenary/kinds/base64url'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Client } from '../client.ts'
import { memoryStorage } from '../storage.ts'
import { ROOM } from '../testing/fake-server.ts'
import { clientOf, stage } from '../testing/stage.ts'
import { PlenaryProvider } from './provider.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function documents() {
  const made = stage(1, document)
  made.server.state = document.initial(document.settings.parse({ roles: { attendee: 'edit' } }))
  return made
}

/** One more device of the same person, with the document open. */
async function open({ runtime, server }: ReturnType<typeof documents>, client?: Client) {
  const storage = memoryStorage()
  const session = await (client ?? clientOf(runtime, server, storage)).join({ code: 'CODE', name: 'Ann' })
  const room = session.room(document, ROOM)
  const doc = new Y.Doc()
  const provider = new PlenaryProvider(room, doc, { runtime, keep: false })
  ends.push(() => {
    provider.destroy()
    session.close()
    doc.destroy()
  })
  return { session, room, doc, provider, text: doc.getText('text'), storage }
}

test('two who type at once end with one text, and typing is gathered into few commands', async () => {
  const scene = documents()
  const ann = await open(scene)
  const bob = await open(scene)
  await scene.runtime.pass(100)
  expect(ann.provider.snapshot).toMatchObject({ status: 'saved', synced: true })
  for (const letter of 'hello') {
    ann.text.insert(ann.text.length, letter)
    bob.text.insert(0, letter.toUpperCase())
    expect(ann.provider.snapshot.status).toBe('saving')
    await scene.runtime.pass(4)
  }
  await scene.runtime.pass(200)
  expect(ann.text.toJSON()).toBe(bob.text.toJSON())
  expect(ann.text.toJSON()).toHaveLength(10)
  expect(ann.provider.snapshot.status).toBe('saved')
  expect(scene.server.requests.length).toBeLessThanOrEqual(4)
})

test('[R12] what is typed while the connection is away is kept, and saved on return', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  scene.server.faults.connect = () => failure('unavailable', 'Away.')
  scene.server.cutAll()
  await scene.runtime.pass(10)
  expect(ann.provider.snapshot.status).toBe('offline')
  ann.text.insert(0, 'written offline')
  await scene.runtime.pass(1_000)
  expect(ann.provider.snapshot.status).toBe('kept')
  scene.server.faults.connect = () => null
  await scene.runtime.pass(60_000)
  expect(ann.provider.snapshot.status).toBe('saved')
  const bob = await open(scene)
  await scene.runtime.pass(100)
  expect(bob.text.toJSON()).toBe('written offline')
})

test('[R12] what was typed before the room was reached at all is sent once it is', async () => {
  const scene = documents()
  scene.server.faults.connect = () => failure('unavailable', 'Away.')
  const ann = await open(scene)
  ann.text.insert(0, 'early')
  await scene.runtime.pass(100)
  scene.server.faults.connect = () => null
  await scene.runtime.pass(60_000)
  expect(ann.provider.snapshot.status).toBe('saved')
  const bob = await open(scene)
  await scene.runtime.pass(100)
  expect(bob.text.toJSON()).toBe('early')
})

test('[R12] what a reload cut off is in the text again, and saved', async () => {
  const scene = documents()
  const client = clientOf(scene.runtime, scene.server, scene.storage)
  const before = await open(scene, client)
  await scene.runtime.pass(100)
  scene.server.faults.loseCommand = () => true
  before.text.insert(0, 'cut off')
  await scene.runtime.pass(100)
  before.session.close()
  scene.server.faults.loseCommand = () => false
  const after = await open(scene, clientOf(scene.runtime, scene.server, scene.storage))
  expect(after.text.toJSON()).toBe('cut off')
  await scene.runtime.pass(30_000)
  expect(after.provider.snapshot.status).toBe('saved')
  expect(after.text.toJSON()).toBe('cut off')
})

test('[R5] a jump to the present text merges with what was typed meanwhile', async () => {
  const scene = documents()
  const ann = await open(scene)
  const bob = await open(scene)
  await scene.runtime.pass(100)
  scene.server.faults.reset = () => true
  scene.server.faults.loseBatch = () => true
  bob.text.insert(0, 'bob ')
  await scene.runtime.pass(200)
  ann.text.insert(0, 'ann ')
  scene.server.faults.loseBatch = () => false
  scene.server.cutAll()
  await scene.runtime.pass(60_000)
  expect(ann.text.toJSON()).toBe(bob.text.toJSON())
  expect(ann.text.toJSON()).toHaveLength(8)
  expect(ann.provider.snapshot.status).toBe('saved')
})

test('a server that lacks what a change rests on is sent all that it lacks', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  ann.text.insert(0, 'kept')
  await scene.runtime.pass(200)
  // As after a restore from a backup of before.
  scene.server.state = document.initial(document.settings.parse({ roles: { attendee: 'edit' } }))
  ann.text.insert(4, ' and more')
  await scene.runtime.pass(1_000)
  expect(ann.provider.snapshot.status).toBe('saved')
  const bob = await open(scene)
  await scene.runtime.pass(100)
  expect(bob.text.toJSON()).toBe('kept and more')
})

test('[R12] a refused change says why, and is sent when it may be', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  scene.server.faults.send = () => failure('refused', 'You may not change this document.', { reason: 'may_not_edit' })
  ann.text.insert(0, 'mine')
  await scene.runtime.pass(200)
  expect(ann.provider.snapshot).toMatchObject({ status: 'refused', failure: { reason: 'may_not_edit' } })
  ann.text.insert(4, ' still')
  await scene.runtime.pass(200)
  expect(ann.provider.snapshot.status).toBe('refused')
  expect(ann.room.snapshot.pending).toEqual([])
  scene.server.faults.send = () => null
  ann.provider.retry()
  await scene.runtime.pass(200)
  expect(ann.provider.snapshot).toMatchObject({ status: 'saved' })
  const bob = await open(scene)
  await scene.runtime.pass(100)
  expect(bob.text.toJSON()).toBe('mine still')
})

test('a document can be opened later than its room, and misses nothing', async () => {
  const scene = documents()
  const ann = await open(scene)
  const session = await clientOf(scene.runtime, scene.server, memoryStorage()).join({ code: 'CODE', name: 'Ann' })
  const room = session.room(document, ROOM)
  await scene.runtime.pass(100)
  ann.text.insert(0, 'before')
  await scene.runtime.pass(200)
  const doc = new Y.Doc()
  const provider = new PlenaryProvider(room, doc, { runtime: scene.runtime, keep: false })
  ann.text.insert(6, ' and after')
  await scene.runtime.pass(200)
  expect(doc.getText('text').toJSON()).toBe('before and after')
  expect(provider.snapshot.status).toBe('saved')
  expect(provider.authorOf(ann.doc.clientID)).toMatchObject({ id: 'ann' })
  provider.destroy()
  session.close()
})

test('an earlier content comes back as an entry of its own, and what did not change stays', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  const fragment = ann.doc.getXmlFragment('page')
  const paragraph = (words: string) => {
    const element = new Y.XmlElement('paragraph')
    element.insert(0, [new Y.XmlText(words)])
    return element
  }
  fragment.insert(0, [paragraph('first'), paragraph('second'), paragraph('third')])
  const past = new Y.Doc()
  Y.applyUpdate(past, Y.encodeStateAsUpdate(ann.doc))
  const first = fragment.get(0)
  fragment.delete(1, 1)
  fragment.insert(1, [paragraph('changed'), paragraph('added')])
  await scene.runtime.pass(200)
  const restored = ann.provider.restore(past, { fragment: 'page', from: 2, name: 'Draft' })
  await scene.runtime.pass(200)
  await restored
  expect(fragment.toJSON()).toBe(past.getXmlFragment('page').toJSON())
  expect(fragment.get(0)).toBe(first)
  expect(scene.server.entries.at(-1)).toMatchObject({ type: 'restored', body: { from: 2, name: 'Draft' } })
})

test('cursors are seen under the name of who is signed in, and go with the connection', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  const other = new PlenaryProviderPeer()
  scene.server.tellAll({
    name: 'signal',
    body: other.signal({ cursor: 3, user: { name: 'Somebody Else', color: '#123' } }),
  })
  await scene.runtime.pass(50)
  const states = ann.provider.awareness.getStates()
  expect(states.get(other.client)).toMatchObject({ cursor: 3, user: { id: 'bob', name: 'Bob', color: '#123' } })
  // Nobody speaks for another.
  scene.server.tellAll({
    name: 'signal',
    body: { ...other.signal({ cursor: 9 }), by: { id: 'eve' as UserId, name: 'Eve' } },
  })
  scene.server.tellAll({ name: 'signal', body: { ...other.signal({}), body: { update: 'AQ' } } })
  await scene.runtime.pass(50)
  expect(states.get(other.client)).toMatchObject({ cursor: 3 })
  ann.provider.awareness.setLocalStateField('cursor', 7)
  await scene.runtime.pass(200)
  expect(scene.server.signals.map(({ type }) => type)).toContain('awareness')
  scene.server.faults.connect = () => failure('unavailable', 'Away.')
  scene.server.cutAll()
  await scene.runtime.pass(50)
  expect([...states.keys()]).toEqual([ann.doc.clientID])
})

/** What another person's editor says of itself. */
class PlenaryProviderPeer {
  readonly client = 4_242
  #clock = 0

  signal(state: Json) {
    const json = new TextEncoder().encode(JSON.stringify(state))
    const head = [1, 0x80 | (this.client & 0x7f), this.client >> 7, ++this.#clock, json.length]
    return {
      room: ROOM,
      by: { id: 'bob' as UserId, name: 'Bob' },
      type: 'awareness',
      body: { update: toBase64Url(new Uint8Array([...head, ...json])) },
    }
  }
}

test('nothing is left running', async () => {
  const scene = documents()
  const ann = await open(scene)
  await scene.runtime.pass(100)
  ann.text.insert(0, 'x')
  ann.provider.destroy()
  ann.session.close()
  await scene.runtime.pass(10)
  expect(scene.runtime.left).toBe(0)
})
