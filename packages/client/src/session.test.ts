import { failure, PlenaryError, type Entry } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { createClient } from './client.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { BOB, EVENT, ROOM } from './testing/fake-server.ts'
import { notes } from './testing/notes.ts'
import { clientOf, stage } from './testing/stage.ts'

async function joined(seed = 1) {
  const all = stage(seed)
  const session = await all.client.join({ code: 'CODE', name: 'Ann' })
  const room = session.room(notes, ROOM)
  await all.runtime.pass(100)
  return { ...all, session, room }
}

test('a joined room shows its view and takes commands', async () => {
  const { session, room, runtime, server } = await joined()
  expect(session.status).toMatchObject({ connection: 'online', pending: 0, node: 'http://gateway0/' })
  expect(room.snapshot).toMatchObject({ state: 'live', view: { messages: [] }, mine: { notes: 0 } })
  const saved = room.send('note', { text: 'hello' })
  await runtime.pass(50)
  expect(await saved).toMatchObject({ ok: true, seq: 2 })
  server.append(BOB, 'note', [{ text: 'hi' }])
  await runtime.pass(50)
  expect(room.snapshot.view?.messages.map(({ text }) => text)).toEqual(['hello', 'hi'])
  expect(room.snapshot.mine).toEqual({ notes: 1 })
  expect(session.room(notes, ROOM)).toBe(room)
})

test('a session tells the time by the server, whatever the device believes', async () => {
  const all = stage(1)
  all.server.aheadMs = 90_000
  const session = await all.client.join({ code: 'CODE', name: 'Ann' })
  expect(session.now()).toBe(all.runtime.now())
  await all.runtime.pass(100)
  const ahead = session.now() - all.runtime.now()
  expect(ahead).toBeLessThanOrEqual(90_000)
  expect(ahead).toBeGreaterThan(89_900)
})

test('[R5] a client that was away gets exactly what it missed, at a freshly assigned gateway', async () => {
  const { session, room, runtime, server } = await joined()
  const seen: number[] = []
  room.onEntry(({ seq }: Entry) => seen.push(seq))
  server.append(BOB, 'note', [{ text: 'one' }])
  await runtime.pass(50)
  server.cutAll()
  server.append(BOB, 'note', [{ text: 'two' }, { text: 'three' }])
  expect(session.status.connection).toBe('waiting')
  await runtime.pass(1000)
  expect(session.status).toMatchObject({ connection: 'online', node: 'http://gateway1/' })
  expect(server.joins.at(-1)?.cursor).toEqual({ log: 'log1', seq: 2 })
  expect(seen).toEqual([2, 3, 4])
})

test('[R8] who asks for another gateway names the one that failed, until one takes it', async () => {
  const { runtime, server } = await joined()
  server.cutAll()
  server.faults.connect = () => failure('unavailable', 'Full.')
  await runtime.pass(600)
  server.faults.connect = () => null
  await runtime.pass(3_000)
  const gateways = server.avoided.map((_, at) => `http://gateway${at - 1}/`)
  expect(server.avoided.length).toBeGreaterThan(2)
  expect(server.avoided).toEqual([null, ...gateways.slice(1)])
  server.tellAll({ name: 'goodbye', body: { within: 100, reason: 'balancing' } })
  await runtime.pass(500)
  expect(server.avoided.at(-1)).toBeNull()
})

test('[R8] a refused ticket says nothing against the gateway', async () => {
  const { runtime, server } = await joined()
  server.faults.connect = () => failure('unauthorized', 'Void.')
  server.tellAll({ name: 'revoked', body: { code: 'role_changed' } })
  await runtime.pass(2_000)
  expect(server.avoided.length).toBeGreaterThan(2)
  expect(new Set(server.avoided)).toEqual(new Set([null]))
})

test('[R5] a lost batch is noticed at the next one and asked for', async () => {
  const { room, runtime, server } = await joined()
  const seen: number[] = []
  room.onEntry(({ seq }) => seen.push(seq))
  server.faults.loseBatch = () => true
  server.append(BOB, 'note', [{ text: 'lost' }])
  server.faults.loseBatch = () => false
  server.append(BOB, 'note', [{ text: 'came' }])
  await runtime.pass(50)
  expect(seen).toEqual([2, 3])
  expect(room.snapshot.view?.messages.map(({ text }) => text)).toEqual(['lost', 'came'])
})

test('[R5] a gap that cannot be filled is an explicit reset with the present view', async () => {
  const { room, runtime, server } = await joined()
  const resets: object[] = []
  room.onReset((reset) => resets.push(reset))
  server.cutAll()
  server.append(BOB, 'note', [{ text: 'one' }, { text: 'two' }])
  server.faults.reset = () => true
  await runtime.pass(1000)
  expect(resets).toEqual([{ from: 1, to: 3 }])
  expect(room.snapshot.view?.messages).toHaveLength(2)
})

test('[R5] a view that a slower gateway sends from the past is followed without telling an entry twice', async () => {
  const { room, runtime, server } = await joined()
  const seen: number[] = []
  room.onEntry(({ seq }) => seen.push(seq))
  server.append(BOB, 'note', [{ text: 'one' }])
  const past = { room: ROOM, cursor: { log: server.log, seq: 2 }, view: server.view() }
  server.append(BOB, 'note', [{ text: 'two' }])
  await runtime.pass(10)
  server.tellAll({ name: 'view', body: past })
  await runtime.pass(10)
  expect(room.snapshot.seq).toBe(2)
  server.append(BOB, 'note', [{ text: 'three' }])
  await runtime.pass(10)
  expect(room.snapshot.view).toEqual(server.view())
  expect(seen).toEqual([2, 3, 4])
})

test('a batch of many entries is one notification', async () => {
  const { room, runtime, server } = await joined()
  let told = 0
  room.subscribe(() => told++)
  server.append(BOB, 'note', [{ text: 'a' }, { text: 'b' }, { text: 'c' }])
  await runtime.pass(50)
  expect(told).toBe(1)
})

test('[R9] on goodbye it moves within the time given, without a moment offline, and misses nothing', async () => {
  const { session, room, runtime, server } = await joined()
  const states = new Set<string>()
  session.subscribe(() => states.add(session.status.connection))
  const seen: number[] = []
  room.onEntry(({ seq }) => seen.push(seq))
  server.tellAll({ name: 'goodbye', body: { within: 2000, reason: 'drain' } })
  for (let n = 0; n < 20; n++) {
    server.append(BOB, 'note', [{ text: `${n}` }])
    void room.send('note', { text: `own ${n}` })
    await runtime.pass(100)
  }
  expect(states).toEqual(new Set(['online']))
  expect(session.status.node).toBe('http://gateway1/')
  expect(server.links).toHaveLength(1)
  expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => index + 2))
  expect(room.snapshot.pending).toEqual([])
})

test('a changed role comes with a new ticket and a fresh view for its eyes', async () => {
  const { session, room, runtime, server } = await joined()
  server.me = { ...server.me, role: 'moderator' }
  server.tellAll({ name: 'revoked', body: { code: 'role_changed' } })
  await runtime.pass(500)
  expect(session.me.role).toBe('moderator')
  expect(room.snapshot).toMatchObject({ state: 'live', role: 'moderator' })
  expect(server.joins.at(-1)?.cursor).toBeUndefined()
  expect(server.links).toHaveLength(1)
})

test('[R12] a ban ends the session: no reconnection, rooms refused, and no more is said of what was kept than is known', async () => {
  const { session, room, runtime, server } = await joined()
  server.faults.loseAck = () => true
  const sent = room.send('note', { text: 'last words' })
  const kept = room.send('note', { text: 'the very last' })
  await runtime.pass(10)
  server.tellAll({ name: 'revoked', body: { code: 'banned' } })
  await runtime.pass(60_000)
  await expect(sent).rejects.toMatchObject({ code: 'forbidden', reason: 'outcome_unknown' })
  await expect(kept).rejects.toMatchObject({ code: 'forbidden', reason: 'banned' })
  expect(session.status).toMatchObject({ connection: 'revoked', revoked: { code: 'banned' }, pending: 0 })
  expect(room.snapshot).toMatchObject({
    state: 'refused',
    failure: { reason: 'banned' },
    pending: [{ state: 'refused' }, { state: 'refused' }],
  })
  expect(server.links).toHaveLength(0)
  expect(server.tickets).toBe(1)
})

test('a room that says no is refused; one that is busy is asked again', async () => {
  const { session, client, runtime, server } = await joined()
  session.close()
  const other = await client.open(EVENT)
  let busy = 3
  server.faults.join = () => (busy-- > 0 ? failure('unavailable', 'Busy.', { retryAfter: 700 }) : null)
  const room = other.room(notes, ROOM)
  await runtime.pass(1500)
  expect(room.snapshot.state).toBe('joining')
  await runtime.pass(10_000)
  expect(room.snapshot.state).toBe('live')
  server.faults.join = () => failure('forbidden', 'Not you.')
  server.cutAll()
  await runtime.pass(10_000)
  expect(room.snapshot).toMatchObject({ state: 'refused', failure: { code: 'forbidden' } })
  await expect(room.send('note', { text: 'x' })).rejects.toBeInstanceOf(PlenaryError)
})

test('[R8] back-off grows, honours retryAfter, and asks for a fresh ticket each time', async () => {
  const { session, runtime, server } = await joined()
  server.faults.connect = () => failure('unavailable', 'Full.', { retryAfter: 5_000 })
  server.cutAll()
  await runtime.pass(400)
  const asked = server.tickets
  expect(session.status).toMatchObject({ connection: 'waiting', failure: { message: 'Full.' } })
  await runtime.pass(4_000)
  expect(server.tickets).toBe(asked)
  await runtime.pass(60_000)
  expect(server.tickets).toBeGreaterThan(asked + 3)
  server.faults.connect = () => null
  await runtime.pass(20_000)
  expect(session.status.connection).toBe('online')
})

test('a refused ticket is final, a network that fails is not', async () => {
  const { session, runtime, server } = await joined()
  server.faults.http = () => true
  server.cutAll()
  await runtime.pass(60_000)
  expect(session.status.connection).toMatch(/waiting|connecting/)
  server.faults.http = () => false
  server.faults.ticket = () => failure('forbidden', 'Banned.', { reason: 'banned' })
  await runtime.pass(30_000)
  expect(session.status).toMatchObject({ connection: 'revoked', failure: { reason: 'banned' } })
})

test('[R12] the device offline is told as it is, and the way back is quick', async () => {
  const { session, room, runtime, server } = await joined()
  server.faults.http = () => true
  runtime.device('offline')
  void room.send('note', { text: 'typed in a tunnel' })
  await runtime.pass(60_000)
  expect(session.status).toMatchObject({ connection: 'offline', pending: 1 })
  expect(room.snapshot.pending).toMatchObject([{ state: 'kept' }])
  server.faults.http = () => false
  runtime.device('online')
  await runtime.pass(600)
  expect(session.status).toMatchObject({ connection: 'online', pending: 0 })
  expect(room.snapshot.view?.messages.map(({ text }) => text)).toEqual(['typed in a tunnel'])
})

test('a page that was hidden for long asks for what it missed when it shows', async () => {
  const { runtime, server, room } = await joined()
  server.faults.loseBatch = () => true
  server.append(BOB, 'note', [{ text: 'unseen' }])
  runtime.device('hidden')
  await runtime.pass(25_000)
  expect(room.snapshot.seq).toBe(1)
  runtime.device('visible')
  await runtime.pass(50)
  expect(room.snapshot.seq).toBe(2)
})

test('a gateway that stops answering is left', async () => {
  const { session, runtime, server, room } = await joined()
  const first = server.links[0]
  server.faults.loseBatch = () => true
  server.append(BOB, 'note', [{ text: 'unseen' }])
  if (first !== undefined) first.clear = Number.MAX_SAFE_INTEGER
  room.resync()
  await runtime.pass(12_000)
  expect(session.status).toMatchObject({ connection: 'online', node: 'http://gateway1/' })
  expect(room.snapshot.seq).toBe(2)
})

test('presence is folded; typing ends by itself or with what was typed', async () => {
  const { room, runtime, server } = await joined()
  server.tellAll({ name: 'presence', body: { room: ROOM, total: 2, sample: [server.me, BOB] } })
  await runtime.pass(10)
  expect(room.snapshot.presence).toMatchObject({ total: 2, members: [{ id: 'ann' }, { id: 'bob' }] })
  server.tellAll({ name: 'presence', body: { room: ROOM, total: 1, left: [BOB.id] } })
  await runtime.pass(10)
  expect(room.snapshot.presence).toMatchObject({ total: 1, members: [{ id: 'ann' }] })
  const typing = { name: 'signal', body: { room: ROOM, by: BOB, type: 'typing', body: { on: true } } } as const
  server.tellAll(typing)
  await runtime.pass(5_900)
  expect(room.typing.now).toEqual([{ id: 'bob', name: 'Bob' }])
  await runtime.pass(200)
  expect(room.typing.now).toEqual([])
  server.tellAll(typing)
  await runtime.pass(10)
  server.append(BOB, 'note', [{ text: 'typed' }])
  await runtime.pass(10)
  expect(room.typing.now).toEqual([])
})

test('a device that was in the event opens it with nothing reachable, and comes in when there is', async () => {
  const { session, runtime, server, storage } = await joined()
  session.close()
  server.faults.http = () => true
  const again = await clientOf(runtime, server, storage).open(EVENT)
  expect(again.event.id).toBe(EVENT)
  await runtime.pass(1000)
  expect(again.status.connection).toMatch(/waiting|connecting/)
  server.faults.http = () => false
  await runtime.pass(20_000)
  expect(again.status.connection).toBe('online')
})

test('[R9] a move that fails is tried again beside the living connection', async () => {
  const { session, room, runtime, server } = await joined()
  const states = new Set<string>()
  session.subscribe(() => states.add(session.status.connection))
  server.faults.connect = () => failure('unavailable', 'Full.')
  server.tellAll({ name: 'goodbye', body: { within: 1000, reason: 'drain' } })
  await runtime.pass(2000)
  void room.send('note', { text: 'meanwhile' })
  await runtime.pass(50)
  expect(room.snapshot.pending).toEqual([])
  server.faults.connect = () => null
  await runtime.pass(15_000)
  expect(states).toEqual(new Set(['online']))
  expect(session.status.node).not.toBe('http://gateway0/')
  expect(server.links).toHaveLength(1)
})

test('[R7] a gateway that never opens is given up after a while', async () => {
  const { session, runtime, server } = await joined()
  const why = new Set<string | undefined>()
  session.subscribe(() => why.add(session.status.failure?.code))
  server.latencyMs = 60_000
  server.cutAll()
  await runtime.pass(CLIENT_LIMITS.connectMs + 300)
  expect(why).toContain('timeout')
  server.latencyMs = 1
  await runtime.pass(CLIENT_LIMITS.connectMs + 1000)
  expect(session.status.connection).toBe('online')
})

test('with a zone, the gateway is asked of the registry for that zone', async () => {
  const { runtime, server, storage } = await joined()
  const zoned = { url: 'http://plenary.test', zone: 'north', runtime, storage, transport: server.transport }
  const session = await createClient({ ...zoned, fetch: server.fetch }).open(EVENT)
  await runtime.pass(100)
  expect(session.status.node).toBe('http://north/')
})

test('a ticket that expired is renewed for the room log', async () => {
  const { session, server } = await joined()
  server.append(BOB, 'note', [{ text: 'one' }])
  server.tickets++
  const page = await session.entries(ROOM, { before: 3, limit: 10 })
  expect(page.entries.map(({ seq }) => seq)).toEqual([2])
})

test('a room that was left is out of the session and hears no more', async () => {
  const { session, room, runtime, server } = await joined()
  let told = 0
  room.onEntry(() => told++)
  room.leave()
  server.append(BOB, 'note', [{ text: 'unheard' }])
  await runtime.pass(50)
  expect(told).toBe(0)
  const again = session.room(notes, ROOM)
  expect(again).not.toBe(room)
  await runtime.pass(50)
  expect(again.snapshot.view?.messages).toHaveLength(1)
})

test('a listener that throws keeps the news from nobody', async () => {
  const { room, runtime, server } = await joined()
  const thrown = new Promise((resolve) => process.once('uncaughtException', resolve))
  const others = process.listeners('uncaughtException').slice(0, -1)
  for (const other of others) process.off('uncaughtException', other)
  const seen: number[] = []
  room.onEntry(() => {
    throw new Error('not mine')
  })
  room.onEntry(({ seq }) => seen.push(seq))
  server.append(BOB, 'note', [{ text: 'one' }])
  await runtime.pass(50)
  expect(await thrown).toMatchObject({ message: 'not mine' })
  for (const other of others) process.on('uncaughtException', other)
  expect(seen).toEqual([2])
})

test('a closed session leaves no timer, listener or connection', async () => {
  const { session, room, runtime, server } = await joined()
  server.tellAll({ name: 'signal', body: { room: ROOM, by: BOB, type: 'typing', body: { on: true } } })
  server.faults.loseAck = () => true
  const sent = room.send('note', { text: 'x' })
  server.tellAll({ name: 'goodbye', body: { within: 60_000, reason: 'drain' } })
  await runtime.pass(20)
  session.close()
  await expect(sent).rejects.toMatchObject({ code: 'unavailable' })
  expect(server.links).toEqual([])
  expect(runtime.left).toBe(0)
  expect(session.status.connection).toBe('closed')
})
