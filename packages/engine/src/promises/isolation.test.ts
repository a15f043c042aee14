import type { EventId, RoomId, RoomSpec, UserId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { EVENT, ROOM, identity, startTestNode, until } from '../testing/harness.ts'
import type { Bus } from '../bus/bus.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'
import { tally } from '../testing/tally.ts'

const B = 'event-b' as EventId
const user = (id: string) => id as UserId

test('[R6] a ticket of one event gets nothing of another: no join, send, signal, entries, and no byte of it', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const bob = await node.connect({ user: user('bob'), event: B })
  const eve = await node.connect({ user: user('eve'), event: B })
  expect(await bob.join('room-b')).toMatchObject({ ok: true })
  await eve.join('room-b')
  const canary = randomUUID()

  expect(await ann.join('room-b')).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await ann.join('room-b', { log: node.log.id, seq: 0 })).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await ann.send('add', { by: 1 }, { room: 'room-b' })).toMatchObject({ ok: false, code: 'forbidden' })
  ann.socket.emit('signal', { room: 'room-b', type: 'wave', body: { hand: 'intruder' } })
  await expect(node.node.entries('room-b' as RoomId, identity(), { limit: 10 })).rejects.toMatchObject({
    code: 'forbidden',
  })

  bob.socket.emit('signal', { room: 'room-b', type: 'wave', body: { hand: canary } })
  await bob.send('say', { word: canary }, { room: 'room-b' })
  await until(() => eve.entries.length === 1 && eve.heard('signal').length === 1)
  await until(() => eve.heard('digest').length > 0)
  await roundTrip(ann)
  expect(ann.saw(canary)).toBe(false)
  expect(ann.saw('room-b')).toBe(false)
  expect(eve.saw('intruder')).toBe(false)
})

test('[R6] a room with a list of members is open to those alone, as attendees', async () => {
  const rooms: Record<string, RoomSpec> = {
    direct: { kind: 'tally', settings: {}, access: { members: [user('ann'), user('bob')] } },
  }
  await using node = await startTestNode({ rooms })
  const ann = await node.connect({ role: 'owner' })
  const eve = await node.connect({ user: user('eve'), role: 'owner' })
  expect(await ann.join('direct')).toMatchObject({ ok: true, role: 'attendee' })
  expect(await eve.join('direct')).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await ann.join('nothing')).toMatchObject({ ok: false, code: 'not_found' })
})

test('[R6] what is for staff, or for one user alone, is on nobody else’s wire: live, on resume, in views or in history', async () => {
  await using node = await startTestNode()
  const [ann, bob] = [await node.connect(), await node.connect({ user: user('bob') })]
  const mod = await node.connect({ user: user('mod'), role: 'moderator' })
  const speaker = await node.connect({ user: user('speaker'), role: 'speaker' })
  for (const client of [ann, bob, mod, speaker]) await client.join()
  const [secret, whisper, open] = [randomUUID(), randomUUID(), randomUUID()]
  await mod.send('note', { word: secret })
  await mod.send('whisper', { word: whisper, to: 'bob' })
  await mod.send('say', { word: open })
  await until(() => [ann, bob, mod, speaker].every((client) => client.saw(open)))
  expect([ann, bob, mod, speaker].map((client) => client.saw(secret))).toEqual([false, false, true, false])
  expect([ann, bob, mod, speaker].map((client) => client.saw(whisper))).toEqual([false, true, false, false])

  const resumed = async (who: Parameters<typeof node.connect>[0], cursor: boolean) => {
    const client = await node.connect(who)
    await client.join(ROOM, cursor ? { log: node.log.id, seq: 1 } : undefined)
    await roundTrip(client)
    return [client.saw(secret), client.saw(whisper)]
  }
  for (const cursor of [true, false]) {
    expect(await resumed({ user: user('ann') }, cursor)).toEqual([false, false])
    expect((await resumed({ user: user('bob') }, cursor))[0]).toBe(false)
    expect(await resumed({ user: user('mod2'), role: 'producer' }, cursor)).toEqual([true, false])
  }
  expect(await resumed({ user: user('bob') }, true)).toEqual([false, true])
  const history = async (who: Parameters<typeof identity>[0]) => {
    const text = JSON.stringify(await node.node.entries(ROOM, identity(who), { limit: 50 }))
    return [text.includes(secret), text.includes(whisper), text.includes('$created')]
  }
  expect(await history({ user: user('ann') })).toEqual([false, false, false])
  expect(await history({ user: user('bob') })).toEqual([false, true, false])
  expect(await history({ user: user('mod'), role: 'moderator' })).toEqual([true, false, false])
})

test('[R6] who is barred is told, gets no more of the room, and does not come back in', async () => {
  await using node = await startTestNode()
  const [ann, bob] = [await node.connect(), await node.connect({ user: user('bob') })]
  const second = await node.connect({ user: user('bob') })
  const mod = await node.connect({ user: user('mod'), role: 'moderator' })
  for (const client of [ann, bob, second, mod]) await client.join()
  await mod.send('bar', { user: 'bob' })
  await until(() => bob.heard('revoked').length === 1 && second.heard('revoked').length === 1)
  expect(bob.heard('revoked')).toEqual([{ room: ROOM, code: 'banned' }])
  const frames = bob.frames.length
  const canary = randomUUID()
  await ann.send('say', { word: canary })
  await until(() => ann.saw(canary))
  expect(await bob.send('add', { by: 1 })).toMatchObject({ code: 'forbidden' })
  expect(await bob.join()).toMatchObject({ code: 'forbidden', reason: 'banned' })
  expect(await bob.join(ROOM, { log: node.log.id, seq: 1 })).toMatchObject({ code: 'forbidden', reason: 'banned' })
  await expect(node.node.entries(ROOM, identity({ user: user('bob') }), { limit: 9 })).rejects.toMatchObject({
    code: 'forbidden',
  })
  expect(bob.saw(canary)).toBe(false)
  // The three refusals, and nothing else.
  expect(bob.frames.length - frames).toBe(3)
  const anew = await (await node.restart()).connect({ user: user('bob') })
  await using _ = { [Symbol.asyncDispose]: async () => void anew.socket.disconnect() }
  expect(await anew.join()).toMatchObject({ code: 'forbidden', reason: 'banned' })
})

test('[R6] a bar that was made while nobody of the gateway was in the room holds all the same', async () => {
  await using node = await startTestNode()
  // Reading the history opens the room on the gateway.
  await node.node.entries(ROOM, identity({ role: 'moderator' }), { limit: 9 })
  await node.command('bar', { user: 'ann' })
  await expect(node.node.entries(ROOM, identity(), { limit: 9 })).rejects.toMatchObject({ code: 'forbidden' })
  await node.command('bar', { user: 'bob' })
  const bob = await node.connect({ user: user('bob') })
  expect(await bob.join()).toMatchObject({ ok: false, code: 'forbidden', reason: 'banned' })
})

test('[R6] a bar that was lost on the way is known before a view that comes after it is shown to whom it bars', async () => {
  const { node, bus } = await startFaulty()
  await using _ = node
  const [ann, bob] = [await node.connect(), await node.connect({ user: user('bob') })]
  // With a cursor: no view is at hand that is older than the bar.
  await ann.join(ROOM, { log: node.log.id, seq: 1 })
  bus.fate = (topic) => (topic.startsWith('room.') ? 'lost' : 'arrives')
  await node.command('bar', { user: 'bob' })
  const hidden = randomUUID()
  await node.command('say', { word: hidden })
  expect(await bob.join()).toMatchObject({ ok: false, code: 'forbidden', reason: 'banned' })
  expect(bob.saw(hidden)).toBe(false)
})

test('[R6] a bar that was lost on the way is known before what came after it is delivered', async () => {
  const { node, bus } = await startFaulty()
  await using _ = node
  const [ann, bob] = [await node.connect(), await node.connect({ user: user('bob') })]
  await ann.join()
  await bob.join()
  bus.fate = (topic) => (topic.startsWith('room.') ? 'lost' : 'arrives')
  await node.command('bar', { user: 'bob' })
  const hidden = randomUUID()
  await node.command('say', { word: hidden })
  bus.fate = () => 'arrives'
  const canary = randomUUID()
  await node.command('say', { word: canary })
  await until(() => ann.saw(canary) && ann.saw(hidden))
  await until(() => bob.heard('revoked').length === 1)
  await roundTrip(bob)
  expect(bob.saw(canary)).toBe(false)
  expect(bob.saw(hidden)).toBe(false)
})

test('[R6] a revocation ends the connections of its person, voids older tickets, and spares newer ones and other people', async () => {
  await using node = await startTestNode()
  const issuedAt = Date.now()
  const bob = await node.connect({ user: user('bob'), issuedAt })
  const elsewhere = await node.connect({ user: user('bob'), event: B, issuedAt })
  const ann = await node.connect({ issuedAt })
  await bob.join()
  await ann.join()
  await node.node.revoke({ event: EVENT, user: user('bob'), code: 'role_changed', at: issuedAt })
  await until(() => bob.socket.disconnected)
  expect(bob.heard('revoked')).toEqual([{ code: 'role_changed' }])
  expect(elsewhere.socket.connected && ann.socket.connected).toBe(true)
  await expect(node.connect({ user: user('bob'), issuedAt })).rejects.toMatchObject({ data: { code: 'unauthorized' } })
  expect(node.node.voided(identity({ user: user('bob'), issuedAt }))).toBe(true)
  const entries = node.node.entries(ROOM, identity({ user: user('bob'), issuedAt }), { limit: 5 })
  await expect(entries).rejects.toMatchObject({ code: 'unauthorized' })
  const fresh = await node.connect({ user: user('bob'), issuedAt: issuedAt + 1 })
  expect(await fresh.join()).toMatchObject({ ok: true })
})

test('[R6] a revocation of an event ends all its connections, and those of no other', async () => {
  await using node = await startTestNode()
  const issuedAt = Date.now()
  const inside = await Promise.all(['a', 'b', 'c'].map((id) => node.connect({ user: user(id), issuedAt })))
  const outside = await node.connect({ event: B, issuedAt })
  await node.node.revoke({ event: EVENT, code: 'event_ended' })
  await until(() => inside.every((client) => client.socket.disconnected))
  for (const client of inside) expect(client.heard('revoked')).toEqual([{ code: 'event_ended' }])
  expect(outside.socket.connected).toBe(true)
  await expect(node.connect({ issuedAt })).rejects.toMatchObject({ data: { code: 'unauthorized' } })
})

test('[R6] a revocation whose message is lost holds on the gateway where it was made', async () => {
  const { node, bus } = await startFaulty()
  await using _ = node
  const issuedAt = Date.now()
  const bob = await node.connect({ user: user('bob'), issuedAt })
  bus.fate = () => 'lost'
  await node.node.revoke({ event: EVENT, user: user('bob'), code: 'banned' })
  await until(() => bob.socket.disconnected)
  expect(node.node.voided(identity({ user: user('bob'), issuedAt }))).toBe(true)
})

test('[R6] once a revocation is answered it is in force on the other gateways, also when what was told to all is lost', async () => {
  const { node: first, bus } = await startFaulty()
  await using _ = first
  await using second = await startTestNode({ id: 'node-2', beside: first })
  const issuedAt = Date.now()
  const bob = await second.connect({ user: user('bob'), issuedAt })
  bus.fate = () => 'lost'
  await first.node.revoke({ event: EVENT, user: user('bob'), code: 'banned' })
  expect(second.node.voided(identity({ user: user('bob'), issuedAt }))).toBe(true)
  await until(() => bob.socket.disconnected)
  expect(bob.heard('revoked')).toEqual([{ code: 'banned' }])
})

test('[R6] a revocation waits for a gateway that is held up, and not for one that does not answer', async () => {
  const runtime = new SkippingRuntime()
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const wrapBus = (inner: Bus): Bus => ({
    ...inner,
    publish: () => undefined,
    async request(topic, message, timeoutMs) {
      asked.resolve()
      await held.promise
      return await inner.request(topic, message, timeoutMs)
    },
  })
  await using first = await startTestNode({ runtime, wrapBus })
  await using second = await startTestNode({ runtime, id: 'node-2', beside: first })
  const bob = identity({ user: user('bob'), issuedAt: runtime.now() })
  let answered = 0
  const revoke = () => first.node.revoke({ event: EVENT, user: user('bob'), code: 'banned' }).then(() => answered++)
  const revoked = revoke()
  await asked.promise
  expect([answered, second.node.voided(bob)]).toEqual([0, false])
  runtime.skip(1_000)
  await revoked
  expect(second.node.voided(bob)).toBe(false)
  const again = revoke()
  held.resolve()
  await again
  expect([answered, second.node.voided(bob)]).toEqual([2, true])
})

test('[R6] a digest that is not the same for all reaches each audience with its own, live and on joining', async () => {
  const kind = { ...tally, digest: (state: { total: number }, audience: string) => `${audience} has ${state.total}` }
  await using node = await startTestNode({ kinds: [kind] })
  const [ann, mod] = [await node.connect(), await node.connect({ user: user('mod'), role: 'moderator' })]
  for (const client of [ann, mod]) await client.join()
  await ann.send('add', { by: 3 })
  await until(() => ann.saw('everyone has 3') && mod.saw('staff has 3'))
  const late = [await node.connect({ user: user('bob') }), await node.connect({ user: user('mia'), role: 'producer' })]
  for (const client of late) await client.join()
  await until(() => late[0]?.saw('everyone has 3') === true && late[1]?.saw('staff has 3') === true)
  for (const client of [ann, mod, ...late]) await roundTrip(client)
  expect([ann, late[0]].map((client) => client?.saw('staff has'))).toEqual([false, false])
  expect([mod, late[1]].map((client) => client?.saw('everyone has'))).toEqual([false, false])
})

test('[R6] whoever may only read sees what attendees see, says nothing, and is counted among nobody', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const screen = await node.connect({ user: user('screen'), readOnly: true })
  expect(await screen.join()).toMatchObject({ ok: true, role: 'attendee' })
  expect(await screen.send('add', { by: 1 })).toMatchObject({ ok: false, code: 'forbidden' })
  screen.socket.emit('signal', { room: ROOM, type: 'wave', body: { hand: 'screen' } })
  await roundTrip(screen)
  await ann.send('say', { word: 'hello' })
  await until(() => screen.saw('hello') && screen.saw('"digest"'))
  const bob = await node.connect({ user: user('bob') })
  await bob.join()
  await until(() => ann.heard('presence').some((body) => JSON.stringify(body).includes('bob')))
  await roundTrip(bob)
  for (const client of [ann, bob]) expect(client.saw('screen')).toBe(false)
  screen.socket.disconnect()
  await ann.send('say', { word: 'still there' })
  await until(() => bob.saw('still there'))
  expect(bob.heard('presence').at(-1)).toMatchObject({ total: 2 })
})
