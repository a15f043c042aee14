import type { EventId, Identity, Joined, UserId } from '@plenary/kinds'
import { io } from 'socket.io-client'
import { expect, test } from 'vitest'
import type { Bus } from '../bus/bus.ts'
import { EVENT, ROOM, identity, startTestNode, until } from '../testing/harness.ts'
import type { TestNode, TestSocket } from '../testing/harness.ts'

type Transport = 'websocket' | 'polling'

/** A client that asks for rooms with its handshake, and all that it is told, in order. */
async function enter(node: TestNode, join: unknown, who: Partial<Identity> = {}, transport: Transport = 'websocket') {
  const told: [string, unknown][] = []
  const auth = { ticket: JSON.stringify(identity(who)), join }
  const socket: TestSocket = io(node.url, { transports: [transport], reconnection: false, forceNew: true, auth })
  socket.onAny((event: string, body: unknown) => void told.push([event, body]))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    told,
    joined: () => told.filter(([event]) => event === 'joined').map(([, body]) => body as Joined),
    [Symbol.dispose]: () => void socket.disconnect(),
  }
}

test.each<Transport>(['websocket', 'polling'])(
  '[R5] a room that is asked for with the handshake is joined from its answer on, none missing and none twice: %s',
  async (transport) => {
    await using node = await startTestNode()
    await node.command('add', { by: 1 })
    using ann = await enter(node, [{ room: ROOM }], {}, transport)
    await until(() => ann.joined().length === 1)
    expect(ann.told.slice(0, 3).map(([event]) => event)).toEqual(['welcome', 'joined', 'presence'])
    expect(ann.told[0]?.[1]).toMatchObject({ takes: expect.arrayContaining(['join']) as unknown })
    const cursor = { log: node.log.id, seq: 2 }
    expect(ann.joined()).toMatchObject([
      { room: ROOM, answer: { ok: true, kind: 'tally', cursor, view: { total: 1 } } },
    ])
    await node.command('add', { by: 2 })
    await until(() => ann.told.some(([event]) => event === 'batch'))
    const batches = ann.told.filter(([event]) => event === 'batch').map(([, body]) => body)
    expect(batches).toMatchObject([{ room: ROOM, after: 2, through: 3, entries: [{ seq: 3, body: { by: 2 } }] }])

    using back = await enter(node, [{ room: ROOM, cursor }], {}, transport)
    await until(() => back.joined().length === 1)
    expect(back.joined()).toMatchObject([{ answer: { ok: true, cursor: { seq: 3 }, entries: [{ seq: 3 }] } }])
  },
)

test('[R6] a room that one may not be in is refused by itself, and the others are joined', async () => {
  await using node = await startTestNode()
  using eve = await enter(node, [{ room: 'room-b' }, { room: ROOM }, { room: 'nowhere' }, { room: ROOM }])
  await until(() => eve.joined().length === 4)
  const told = eve.joined().map(({ room, answer }) => `${room} ${answer.ok || answer.code}`)
  // The one that comes while the first is under way.
  expect(told.toSorted()).toEqual(['nowhere not_found', 'room-a conflict', 'room-a true', 'room-b forbidden'])
})

test('[R6] who has no right to be here is told nothing of any room', async () => {
  await using node = await startTestNode()
  const issuedAt = Date.now() - 1_000
  await node.node.revoke({ event: EVENT, user: 'bob' as UserId, code: 'banned' })
  await expect(enter(node, [{ room: ROOM }], { user: 'bob' as UserId, issuedAt })).rejects.toMatchObject({
    data: { code: 'unauthorized' },
  })
  using eve = await enter(node, [{ room: ROOM }], { event: 'event-b' as EventId })
  await until(() => eve.joined().length === 1)
  expect(eve.joined()).toMatchObject([{ room: ROOM, answer: { ok: false, code: 'forbidden' } }])
})

test.each([
  ['no list', 'room-a'],
  ['no room', [{ room: '' }]],
  ['more than is asked', [{ room: ROOM, as: 'owner' }]],
  ['too many', Array.from({ length: 101 }, (_, index) => ({ room: `room-${index}` }))],
])('a handshake that asks for what is no room is a bad request: %s', async (_, join) => {
  await using node = await startTestNode()
  await expect(enter(node, join)).rejects.toMatchObject({ data: { code: 'bad_request' } })
})

test('[R7] who is let in hears so, also while the room that it asked for does not answer', async () => {
  const held = Promise.withResolvers<void>()
  const wrapBus = (inner: Bus): Bus => ({
    ...inner,
    async request(topic, message, timeoutMs) {
      await held.promise
      return await inner.request(topic, message, timeoutMs)
    },
  })
  await using node = await startTestNode({ wrapBus })
  using ann = await enter(node, [{ room: ROOM }])
  await until(() => ann.told.length > 0)
  expect(ann.told.map(([event]) => event)).toEqual(['welcome'])
  held.resolve()
  await until(() => ann.joined().length === 1)
  expect(ann.joined()).toMatchObject([{ answer: { ok: true } }])
})
