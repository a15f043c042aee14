import { EVERYONE, LIMITS, defineKind } from '@plenary/kinds'
import type { EntryOf, RoomSpec } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { ClientSocket } from '../gateway/client-socket.ts'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { dense } from '../testing/follower.ts'
import { EVENT, ROOM, identity, startTestNode, until } from '../testing/harness.ts'
import type { TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

interface Poured {
  mark: number
  text: string
}

/** Large entries over a small state, so that a socket is easily left behind and its view stays cheap. */
const flood = defineKind({
  name: 'flood',
  version: 1,
  settings: z.strictObject({}).default({}),
  commands: { pour: { body: z.strictObject({ mark: z.number(), bytes: z.number() }), allow: EVERYONE } },
  signals: {},
  initial: () => ({ poured: 0 }),
  decide: (_, { body }) => ({
    entries: [{ type: 'poured' as const, body: { mark: body.mark, text: 'x'.repeat(body.bytes) } }],
  }),
  evolve(state, _: EntryOf<{ poured: Poured }>) {
    state.poured++
    return state
  },
  visibility: () => 'everyone',
  view: (state) => ({ ...state }),
  empty: () => ({ poured: 0 }),
  evolveView: (view) => ({ poured: view.poured + 1 }),
})

const spec: RoomSpec = { kind: 'flood', settings: {}, access: { event: EVENT } }
const floodRooms = () => startTestNode({ kinds: [flood], rooms: { [ROOM]: spec } })
const pour = (node: TestNode, from: number, count: number, bytes = 50_000) =>
  Promise.all(Array.from({ length: count }, (_, at) => node.command('pour', { mark: from + at, bytes })))

/** A client of bare packets that can stop reading. */
class RawClient {
  readonly ws: WebSocket
  readonly packets: string[] = []

  constructor(url: string, user: string) {
    this.ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
    this.ws.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text === '2') this.ws.send('3')
      else this.packets.push(text)
    })
    this.ws.on('open', () =>
      this.ws.send(`40${JSON.stringify({ ticket: JSON.stringify(identity({ user: user as never })) })}`),
    )
    this.ws.on('error', () => undefined)
  }

  async join(room: string = ROOM): Promise<void> {
    await until(() => this.packets.some((packet) => packet.startsWith('40')))
    this.ws.send(`421["join",${JSON.stringify({ room })}]`)
    await until(() => this.packets.some((packet) => packet.startsWith('431[')))
  }

  /** Seqs of all entries that came, and the cursors of views that were sent unasked. */
  get story(): { seqs: number[]; views: number[] } {
    const seqs: number[] = []
    const views: number[] = []
    for (const packet of this.packets) {
      if (packet.startsWith('42["batch"')) {
        const [, body] = JSON.parse(packet.slice(2)) as [string, { entries: { seq: number }[] }]
        seqs.push(...body.entries.map((entry) => entry.seq))
      } else if (packet.startsWith('42["view"')) {
        const [, body] = JSON.parse(packet.slice(2)) as [string, { cursor: { seq: number } }]
        views.push(body.cursor.seq)
      }
    }
    return { seqs, views }
  }
}

/** So much may wait for a socket that the next few batches are too many. */
const NEARLY_FULL = LIMITS.socketConflateBytes * 0.7

test('[R7] a socket that does not read holds a mebibyte at most, others are not held up, and when it reads again it is made current', async () => {
  await using node = await floodRooms()
  const slow = new RawClient(node.url, 'slow')
  await slow.join()
  const ann = await node.connect()
  await ann.join()
  slow.ws.pause()
  let poured = 0
  let most = 0
  // As much as the machine's own buffers take, and then some.
  for (let rounds = 0; rounds < 200 && (rounds < 30 || node.gauge('waiting_bytes') < NEARLY_FULL); rounds++) {
    await pour(node, poured, 4)
    poured += 4
    most = Math.max(most, node.gauge('waiting_bytes'))
  }
  for (let rounds = 0; rounds < 20; rounds++) {
    await pour(node, poured, 20)
    poured += 20
    most = Math.max(most, node.gauge('waiting_bytes'))
  }
  await until(() => ann.batches.at(-1)?.through === poured + 1, 10_000)
  expect(most).toBeGreaterThan(NEARLY_FULL)
  expect(most).toBeLessThanOrEqual(LIMITS.socketConflateBytes)

  slow.ws.resume()
  await until(() => node.counted('conflated_total') > 0, 10_000)
  await pour(node, poured, 1)
  poured++
  await until(() => slow.story.seqs.at(-1) === poured + 1, 10_000)
  const { seqs, views } = slow.story
  expect(views).toHaveLength(1)
  // Up to where it was left behind, then from the view on: no hole but the one that the view fills.
  const jumps = seqs.filter((seq, at) => at > 0 && seq !== (seqs[at - 1] ?? 0) + 1)
  expect(jumps).toEqual([(views[0] ?? 0) + 1])
  slow.ws.terminate()
}, 30_000)

test('[R5] [R7] a socket that was left behind by a little gets what it missed, entry by entry', async () => {
  await using node = await floodRooms()
  const slow = new RawClient(node.url, 'slow')
  await slow.join()
  slow.ws.pause()
  let poured = 0
  for (let rounds = 0; rounds < 400 && node.gauge('waiting_bytes') < NEARLY_FULL; rounds++) {
    await pour(node, poured, 4)
    poured += 4
  }
  // These few it is not even sent.
  await pour(node, poured, 6)
  poured += 6
  slow.ws.resume()
  await until(() => slow.story.seqs.at(-1) === poured + 1, 10_000)
  expect(slow.story.views).toEqual([])
  expect(slow.story.seqs).toEqual(Array.from({ length: poured }, (_, at) => at + 2))
  expect(node.counted('conflated_total', 'entries')).toBeGreaterThan(0)
  slow.ws.terminate()
}, 30_000)

const wall = { ...flood, name: 'wall', view: () => ({ poured: 0, wall: 'x'.repeat(900_000) }) }
const walls = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`big-${at}`, { ...spec, kind: 'wall' }]))

test('[R7] a socket that asks for more and more and does not read is refused', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ kinds: [wall], rooms: walls, runtime })
  const greedy = new RawClient(node.url, 'greedy')
  await until(() => greedy.packets.some((packet) => packet.startsWith('40')))
  greedy.ws.pause()
  for (
    let at = 0;
    at < 400 && node.counted('slow_closed_total') === 0 && node.gauge('waiting_bytes') < 3_000_000;
    at++
  ) {
    greedy.ws.send(`42${at}["join",{"room":"big-${at % 30}"}]`)
    await new Promise<void>((resolve) => runtime.after(5, resolve))
    runtime.skip(100)
  }
  expect(node.gauge('waiting_bytes')).toBeLessThan(LIMITS.socketCloseBytes)
  expect(node.counted('joins_total', 'view')).toBeGreaterThan(0)
  greedy.ws.resume()
  await until(() => greedy.packets.some((packet) => packet.includes('"slow_consumer"')), 10_000)
  expect(greedy.ws.readyState).toBe(WebSocket.OPEN)
  greedy.ws.terminate()
}, 30_000)

test('[R7] a socket for which eight mebibytes wait is closed', async () => {
  await using node = await startTestNode()
  let cut = false
  const greedy: ClientSocket = {
    id: 'greedy',
    connected: true,
    emit: () => undefined,
    tell: () => undefined,
    write: () => undefined,
    note: () => undefined,
    waitingBytes: () => LIMITS.socketCloseBytes + 1,
    end: () => undefined,
    cut: () => void (cut = true),
  }
  const received = node.node.reception.welcome(greedy, { identity: identity({ user: 'greedy' as never }), joins: [] })
  // Refused, as nothing more may wait; and the refusal is one more that it does not read.
  const answers: unknown[] = []
  received?.hear('join', [{ room: ROOM }, (answer: unknown) => void answers.push(answer)])
  await until(() => cut)
  expect(answers).toMatchObject([{ ok: false, code: 'slow_consumer' }])
  expect(node.counted('slow_closed_total')).toBe(1)
})

test('[R7] a body over the limit is `too_large`, one at the limit is not, and a frame over its own limit ends the connection', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  await ann.join()
  const around = JSON.stringify({ word: '' }).length
  expect(await ann.send('say', { word: 'x'.repeat(LIMITS.commandBytes - around) })).toMatchObject({ ok: true })
  expect(await ann.send('say', { word: 'x'.repeat(LIMITS.commandBytes - around + 1) })).toMatchObject({
    ok: false,
    code: 'too_large',
  })
  expect(await ann.send('say', { word: 'é'.repeat(LIMITS.commandBytes / 2) })).toMatchObject({
    ok: false,
    code: 'too_large',
  })
  expect(await node.log.head(ROOM)).toBe(2)
  const bob = await node.connect({ user: 'bob' as never })
  void bob.send('say', { word: 'x'.repeat(1_300_000) })
  await until(() => bob.socket.disconnected)
  expect(await ann.send('add', { by: 1 })).toMatchObject({ ok: true })
})

test('[R7] commands over the rate are refused with the time to wait, and pass after it', async () => {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const ann = await node.connect()
  const bob = await node.connect({ user: 'bob' as never })
  await ann.join()
  await bob.join()
  const answers = await Promise.all(Array.from({ length: LIMITS.commandsBurst + 20 }, () => ann.send('add', { by: 1 })))
  const refused = answers.filter((answer) => !answer.ok)
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(LIMITS.commandsBurst - 1)
  expect(refused.length).toBeGreaterThan(10)
  for (const answer of refused) {
    expect(answer).toMatchObject({ code: 'rate_limited', temporary: true, retryAfter: expect.any(Number) as number })
    if (!answer.ok) expect(answer.retryAfter).toBeLessThanOrEqual(1_000 / LIMITS.commandsPerSecond)
  }
  expect(await bob.send('add', { by: 1 })).toMatchObject({ ok: true })
  runtime.skip(1_000 / LIMITS.commandsPerSecond)
  expect(await ann.send('add', { by: 1 })).toMatchObject({ ok: true })
})

test('[R7] one who goes on asking although refused is put out', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  for (let at = 0; at < 1_200; at++) ann.socket.emit('leave', { room: ROOM }, () => undefined)
  await until(() => ann.socket.disconnected)
})

test('[R7] a connection joins so many rooms and no more; a room that it left makes place', async () => {
  const rooms: Record<string, RoomSpec> = {}
  for (let at = 0; at <= LIMITS.roomsPerConnection; at++)
    rooms[`r-${at}`] = { kind: 'tally', settings: {}, access: { event: EVENT } }
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime, rooms })
  const ann = await node.connect()
  for (let at = 0; at < LIMITS.roomsPerConnection; at++) {
    runtime.skip(50)
    expect(await ann.join(`r-${at}`)).toMatchObject({ ok: true })
  }
  runtime.skip(1_000)
  const last = `r-${LIMITS.roomsPerConnection}`
  expect(await ann.join(last)).toMatchObject({ ok: false, code: 'refused', reason: 'too_many_rooms' })
  expect(await ann.join('r-5')).toMatchObject({ ok: true })
  await ann.socket.emitWithAck('leave', { room: 'r-7' })
  expect(await ann.join(last)).toMatchObject({ ok: true })
})

test('[R7] more commands than a room may hold are refused as `unavailable`, and those that wait are carried out', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  await node.command('add', { by: 1 })
  const release = log.hold()
  const waiting = Array.from({ length: LIMITS.commandsWaitingPerRoom }, () => node.command('add', { by: 1 }))
  await until(() => log.held === 1)
  await expect(node.command('add', { by: 1 })).rejects.toMatchObject({
    code: 'unavailable',
    retryAfter: expect.any(Number) as number,
  })
  // Another room of the same shard still takes its own.
  release()
  const answers = await Promise.all(waiting)
  expect(answers.at(-1)).toMatchObject({ seq: LIMITS.commandsWaitingPerRoom + 2 })
  expect(await node.command('add', { by: 1 })).toMatchObject({ result: { total: LIMITS.commandsWaitingPerRoom + 2 } })
})

test('[R7] entries for very many single users in one append stay small on the way', async () => {
  const { node, bus, log } = await startFaulty()
  await using _ = node
  const bob = await node.connect({ user: 'u-700' as never })
  const mod = await node.connect({ user: 'mod' as never, role: 'moderator' })
  await bob.join()
  await mod.join()
  let bytes = 0
  bus.fate = (_topic, { payload }) => {
    bytes += payload?.length ?? 0
    return 'arrives'
  }
  const release = log.hold()
  const first = node.command('add', { by: 1 })
  await until(() => log.held === 1)
  const word = randomUUID()
  const whispers = Array.from({ length: 2_000 }, (_each, at) =>
    node.command('whisper', { word: `${word} ${at}`, to: `u-${at}` }),
  )
  release()
  await Promise.all([first, ...whispers])
  await until(() => bob.saw(`${word} 700`) && bob.batches.at(-1)?.through === mod.batches.at(-1)?.through)
  await roundTrip(mod)
  expect(bytes).toBeLessThan(2 * 2_000 * 500)
  expect(bob.frames.filter((frame) => frame.includes(word))).toHaveLength(1)
  expect(bob.entries.map((entry) => entry.type)).toEqual(['added', 'whispered'])
  expect(mod.saw(word)).toBe(false)
})

test('[R7] what became durable together goes out in batches of bounded size', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  const release = log.hold()
  const first = node.command('add', { by: 1 })
  await until(() => log.held === 1)
  const rest = Array.from({ length: 25 }, (_each, at) => node.command('say', { word: `${at} ${'x'.repeat(30_000)}` }))
  release()
  await Promise.all([first, ...rest])
  await until(() => ann.batches.at(-1)?.through === 27)
  expect(Math.max(...ann.frames.map((frame) => frame.length))).toBeLessThan(300_000)
  expect(ann.entries.map((entry) => entry.seq)).toEqual(dense(27))
  let cursor = 1
  for (const batch of ann.batches) {
    expect(batch.after).toBeLessThanOrEqual(cursor)
    expect(batch.through).toBeGreaterThan(cursor)
    cursor = batch.through
  }
})

test('[R7] a handshake without a ticket, or with one of no worth, gets a code and no connection', async () => {
  await using node = await startTestNode()
  const ws = new WebSocket(`${node.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const packets: string[] = []
  ws.on('message', (data: Buffer) => packets.push(data.toString()))
  await once(ws, 'open')
  ws.send('40{}')
  await until(() => packets.some((packet) => packet.startsWith('44')))
  expect(packets.at(-1)).toContain('"code":"unauthorized"')
  expect(node.gauge('connections')).toBe(0)
  ws.terminate()
})
