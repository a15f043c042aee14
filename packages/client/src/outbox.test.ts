import { failure, type UserId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { CLIENT_LIMITS } from './limits.ts'
import { Outbox, type SendFunction } from './outbox.ts'
import { EVENT, ROOM } from './testing/fake-server.ts'
import { notes } from './testing/notes.ts'
import { clientOf, stage } from './testing/stage.ts'

async function joined() {
  const all = stage()
  const session = await all.client.join({ code: 'CODE', name: 'Ann' })
  const room = session.room(notes, ROOM)
  await all.runtime.pass(100)
  const texts = () => room.snapshot.view?.messages.map(({ text }) => text)
  return { ...all, session, room, texts }
}

test('a command is stored before it is sent and gone from the device once it is saved', async () => {
  const { room, runtime, storage } = await joined()
  const stored = () => storage.keys('plenary.outbox.ann.room1.')
  void room.send('note', { text: 'hello' })
  expect(stored()).toEqual([`plenary.outbox.ann.room1.${room.snapshot.pending[0]?.id}`])
  expect(room.snapshot.pending).toMatchObject([{ state: 'sending', type: 'note', body: { text: 'hello' } }])
  await runtime.pass(50)
  expect(stored()).toEqual([])
  expect(room.snapshot.pending).toEqual([])
})

test('[R3] a command whose answer was lost with the connection goes again under its id, marked, and stands once', async () => {
  const { room, runtime, server, texts } = await joined()
  server.faults.loseAck = () => true
  const sent = room.send('note', { text: 'once' })
  await runtime.pass(10)
  server.faults.loseAck = () => false
  server.cutAll()
  expect(room.snapshot.pending).toMatchObject([{ state: 'kept' }])
  await runtime.pass(1000)
  expect(await sent).toMatchObject({ seq: 2 })
  const [first, second] = server.requests
  expect(first).not.toHaveProperty('again')
  const { seen, ...same } = first ?? {}
  expect(seen).toBe(1)
  expect(second).toEqual({ ...same, again: true })
  expect(texts()).toEqual(['once'])
})

test('[R3] a new command says how far its sender has seen, and does not to a server that would not know what that is', async () => {
  const { room, runtime, server } = await joined()
  void room.send('note', { text: 'one' })
  await runtime.pass(50)
  void room.send('note', { text: 'two' })
  await runtime.pass(50)
  server.takes = {}
  server.cutAll()
  await runtime.pass(5_000)
  void room.send('note', { text: 'three' })
  await runtime.pass(50)
  expect(server.requests.map(({ seen }) => seen)).toEqual([1, 2, undefined])
})

test('[R12] a command survives a reload: it shows as pending, is sent marked, and is delivered once', async () => {
  const { session, room, runtime, server, storage } = await joined()
  server.faults.http = () => true
  server.cutAll()
  room.send('note', { text: 'one' }).catch(() => undefined)
  room.send('note', { text: 'two' }).catch(() => undefined)
  session.close()

  const again = await clientOf(runtime, server, storage).open(EVENT)
  const after = again.room(notes, ROOM)
  expect(after.snapshot.pending).toMatchObject([
    { state: 'kept', body: { text: 'one' } },
    { state: 'kept', body: { text: 'two' } },
  ])
  await runtime.pass(0)
  expect(again.status.pending).toBe(2)
  server.faults.http = () => false
  await runtime.pass(20_000)
  expect(server.requests.every(({ again: marked }) => marked === true)).toBe(true)
  expect(after.snapshot.view?.messages.map(({ text }) => text)).toEqual(['one', 'two'])
  expect(after.snapshot.pending).toEqual([])
})

test('what cannot be read on the device is dropped', async () => {
  const { session, runtime, server, storage } = await joined()
  session.close()
  storage.set('plenary.outbox.ann.room1.x', '{"id":')
  storage.set('plenary.outbox.ann.room1.y', '7')
  const again = await clientOf(runtime, server, storage).open(EVENT)
  expect(again.room(notes, ROOM).snapshot.pending).toEqual([])
  expect(storage.keys('plenary.outbox.')).toEqual([])
})

test('a temporary failure waits as long as the server says, and later commands do not overtake', async () => {
  const { room, runtime, server, texts } = await joined()
  let busy = true
  server.faults.send = () => (busy ? failure('rate_limited', 'Slower.', { retryAfter: 3_000 }) : null)
  void room.send('note', { text: 'one' })
  void room.send('note', { text: 'two' })
  await runtime.pass(10)
  busy = false
  expect(server.requests).toHaveLength(1)
  expect(room.snapshot.pending).toMatchObject([{ state: 'kept' }, { state: 'kept' }])
  await runtime.pass(2_900)
  expect(texts()).toEqual([])
  await runtime.pass(500)
  expect(texts()).toEqual(['one', 'two'])
  expect(server.requests).toHaveLength(3)
})

test('a command without an answer goes again after ten seconds, even on a living connection', async () => {
  const { room, runtime, server, texts } = await joined()
  server.faults.loseCommand = () => true
  const sent = room.send('note', { text: 'patience' })
  await runtime.pass(CLIENT_LIMITS.ackMs - 100)
  expect(room.snapshot.pending).toMatchObject([{ state: 'sending' }])
  server.faults.loseCommand = () => false
  await runtime.pass(1000)
  await sent
  expect(texts()).toEqual(['patience'])
  expect(server.links).toHaveLength(1)
})

test('[R12] a refusal is final: shown with why, can be tried again or put away; the next goes on', async () => {
  const { room, runtime, texts, session, storage } = await joined()
  const no = room.send('note', { text: 'no' })
  void room.send('note', { text: 'yes' })
  await runtime.pass(50)
  await expect(no).rejects.toMatchObject({ code: 'refused', reason: 'not_that' })
  expect(texts()).toEqual(['yes'])
  const [refused] = room.snapshot.pending
  expect(refused).toMatchObject({ state: 'refused', failure: { reason: 'not_that', message: 'Anything but that.' } })
  expect(session.status.pending).toBe(0)
  expect(storage.keys('plenary.outbox.')).toEqual([])
  if (refused === undefined) throw new Error('Nothing is refused.')
  room.retry(refused.id)
  expect(room.snapshot.pending).toMatchObject([{ state: 'sending' }])
  await runtime.pass(50)
  expect(room.snapshot.pending).toMatchObject([{ state: 'refused' }])
  room.discard(refused.id)
  expect(room.snapshot.pending).toEqual([])
})

test('a saved command stays in the list until the view shows it', async () => {
  const { room, runtime, server, texts } = await joined()
  server.faults.loseBatch = () => true
  const sent = room.send('note', { text: 'soon' })
  await runtime.pass(50)
  await sent
  expect(texts()).toEqual([])
  expect(room.snapshot.pending).toMatchObject([{ state: 'sending' }])
  await runtime.pass(CLIENT_LIMITS.showMs)
  expect(texts()).toEqual(['soon'])
  expect(room.snapshot.pending).toEqual([])
})

test('[R7] the outbox is bounded', async () => {
  const { room, server } = await joined()
  server.cutAll()
  for (let n = 0; n < CLIENT_LIMITS.outboxCommandsPerRoom; n++) void room.send('note', { text: `${n}` })
  await expect(room.send('note', { text: 'too many' })).rejects.toMatchObject({ code: 'unavailable' })
  expect(room.snapshot.pending).toHaveLength(CLIENT_LIMITS.outboxCommandsPerRoom)
})

test('two tabs with one outbox deliver each command once', async () => {
  const { runtime, server, storage, room, texts } = await joined()
  server.faults.loseAck = () => true
  void room.send('note', { text: 'from the first tab' })
  await runtime.pass(10)
  const second = (await clientOf(runtime, server, storage).open(EVENT)).room(notes, ROOM)
  void second.send('note', { text: 'from the second' })
  expect(second.snapshot.pending).toHaveLength(2)
  server.faults.loseAck = () => false
  await runtime.pass(30_000)
  expect(texts()).toEqual(['from the first tab', 'from the second'])
  expect([...room.snapshot.pending, ...second.snapshot.pending]).toEqual([])
  expect(storage.keys('plenary.outbox.')).toEqual([])
})

test('[R12] a saved command whose place its user never sees leaves the list once the room was asked for it', async () => {
  const { runtime, storage } = stage()
  let asked = 0
  const send: SendFunction = (_request, answer) => answer({ ok: true, seq: 5 })
  const outbox: Outbox = new Outbox({
    runtime,
    storage,
    user: 'ann' as UserId,
    room: ROOM,
    changed: () => undefined,
    // The room has been asked, and there is nothing more for this user's eyes.
    missed: () => {
      asked++
      outbox.open(send, { reached: 4, saysSeen: false })
    },
  })
  outbox.open(send, { reached: 4, saysSeen: false })
  await outbox.add('note', { text: 'unseen' })
  expect(outbox.unsettled).toBe(1)
  await runtime.pass(CLIENT_LIMITS.showMs * 3)
  expect(outbox.unsettled).toBe(0)
  expect(asked).toBe(1)
  outbox.close()
})

test('[R12] what is saved is pending no more once the room is closed to its user', async () => {
  const { runtime, storage } = stage()
  const parts = {
    runtime,
    storage,
    user: 'ann' as UserId,
    room: ROOM,
    changed: () => undefined,
    missed: () => undefined,
  }
  const outbox = new Outbox(parts)
  outbox.open((_request, answer) => answer({ ok: true, seq: 5 }), { reached: 4, saysSeen: false })
  await outbox.add('note', { text: 'not shown yet' })
  expect(outbox.pending).toMatchObject([{ state: 'sending' }])
  outbox.refuseAll(failure('forbidden', 'You cannot be in this room any more.', { reason: 'banned' }))
  expect(outbox.pending).toEqual([])
  outbox.close()
})
