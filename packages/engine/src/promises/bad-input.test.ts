import { ERRORS, LIMITS } from '@plenary/kinds'
import type { Failure } from '@plenary/kinds'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { roundTrip } from '../testing/faults.ts'
import { ROOM, startTestNode, until } from '../testing/harness.ts'
import type { TestClient, TestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'

/** Any message at all, as no typed client could send it. */
function ask(client: TestClient, event: string, ...args: unknown[]): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const socket = client.socket as unknown as { emit(event: string, ...args: unknown[]): void }
  socket.emit(event, ...args, resolve)
  return promise
}

async function insideOne(run: (node: TestNode, ann: TestClient, mayAsk: () => void) => Promise<void>): Promise<void> {
  const runtime = new SkippingRuntime()
  await using node = await startTestNode({ runtime })
  const ann = await node.connect()
  await ann.join()
  await ann.send('add', { by: 3 })
  // So that the rate is not what refuses.
  await run(node, ann, () => runtime.skip(1_000 / LIMITS.commandsPerSecond))
  runtime.skip(1_000)
  expect(await node.log.head(ROOM)).toBe(2)
  expect(await ann.send('add', { by: 1 })).toMatchObject({ ok: true, seq: 3, result: { total: 4 } })
}

const nonsense = fc.jsonValue({ maxDepth: 3 })
const almost = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(nonsense, fc.record(fields, { requiredKeys: [] }), fc.record({ ...fields, extra: nonsense }))
const room = fc.oneof(fc.constant(ROOM), nonsense)

test.for([
  ['join', almost({ room, cursor: fc.oneof(nonsense, fc.record({ log: nonsense, seq: nonsense })) })],
  ['leave', almost({ room })],
  [
    'send',
    almost({ room, id: nonsense, type: fc.oneof(fc.constant('add'), nonsense), body: nonsense, again: nonsense }),
  ],
] as const)('a malformed %s gets `bad_request` and changes nothing', ([event, bodies]) =>
  insideOne(async (_, ann, mayAsk) => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        mayAsk()
        const answer = (await ask(ann, event, body)) as { ok: boolean } & Partial<Failure>
        // What is well-formed by chance may pass or be refused otherwise; it is never an accident of the server.
        if (answer.ok) expect(event).not.toBe('send')
        else expect(['bad_request', 'forbidden', 'not_found']).toContain(answer.code)
        if (answer.code === 'bad_request')
          expect(answer).toMatchObject({ temporary: ERRORS.bad_request.temporary, message: /./ })
      }),
      { numRuns: 150 },
    )
    mayAsk()
    await ask(ann, 'join', { room: ROOM })
  }),
)

test('a well-formed send whose type or body its kind does not know gets a code and changes nothing', () =>
  insideOne(async (_, ann, mayAsk) => {
    const types = fc.oneof(
      fc.constantFrom(
        'say',
        'note',
        'bar',
        'wake',
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        'timeout',
        '$created',
      ),
      fc.string({ minLength: 1, maxLength: 64 }),
    )
    const bodies = nonsense.filter(
      (body) => body === null || typeof body !== 'object' || Array.isArray(body) || !('word' in body || 'at' in body),
    )
    await fc.assert(
      fc.asyncProperty(types, bodies, async (type, body) => {
        if (['never', 'nothing'].includes(type)) return
        mayAsk()
        const answer = (await ask(ann, 'send', { room: ROOM, id: randomUUID(), type, body })) as Partial<Failure>
        expect(['bad_request', 'forbidden']).toContain(answer.code)
      }),
      { numRuns: 150 },
    )
  }))

test('every field counts: what is missing, of another type or too much is named', () =>
  insideOne(async (_, ann) => {
    const good = { room: ROOM, id: randomUUID(), type: 'add', body: { by: 1 } }
    const bad = [
      { ...good, id: 'not-a-uuid' },
      { ...good, id: 5 },
      { ...good, room: '../etc' },
      { ...good, room: 'x'.repeat(65) },
      { ...good, type: '' },
      { ...good, type: 'x'.repeat(65) },
      { ...good, again: 'yes' },
      { ...good, more: 1 },
      { ...good, body: undefined },
      { ...good, body: { by: 1.5 } },
      { ...good, body: { by: 1, more: 2 } },
      { ...good, body: [1] },
      JSON.parse(
        '{"room":"room-a","id":"6d2ac9a9-6b0f-4a54-9ba0-40ea3c53cbc7","type":"add","body":{"by":1,"__proto__":{"x":1}}}',
      ),
    ]
    for (const body of bad) {
      const answer = (await ask(ann, 'send', body)) as Failure
      expect(answer).toMatchObject({ ok: false, code: 'bad_request', temporary: false })
      expect(answer.message.length).toBeGreaterThan(3)
    }
  }))

test('a body nested deeper than anything reads is a `bad_request`', () =>
  insideOne(async (_, ann) => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const { engine } = ann.socket.io
    engine.write(`2777["send",{"room":"${ROOM}","id":"${randomUUID()}","type":"say","body":{"word":${deep}}}]`)
    await until(() => ann.frames.some((frame) => frame.startsWith('3777')))
    expect(ann.frames.find((frame) => frame.startsWith('3777'))).toMatch(/bad_request|too_large/)
  }))

test('messages of no known name are refused in their acknowledgement, whatever they are called', () =>
  insideOne(async (_, ann, mayAsk) => {
    for (const event of ['nope', 'error', '__proto__', 'constructor', 'batch', 'toString', '']) {
      mayAsk()
      expect(await ask(ann, event, { a: 1 })).toMatchObject({ ok: false, code: 'bad_request' })
      expect(await ask(ann, event)).toMatchObject({ ok: false, code: 'bad_request' })
    }
  }))

test('an acknowledgement is the last argument, and without one nothing is answered and nothing breaks', () =>
  insideOne(async (_, ann) => {
    expect(await ask(ann, 'join')).toMatchObject({ ok: false, code: 'bad_request' })
    expect(await ask(ann, 'send', { room: ROOM }, 'more', 7)).toMatchObject({ ok: false, code: 'bad_request' })
    const socket = ann.socket as unknown as { emit(event: string, ...args: unknown[]): void }
    for (const event of ['join', 'leave', 'send', 'signal', 'nope']) {
      socket.emit(event)
      socket.emit(event, null)
      socket.emit(event, { room: 5 }, 'not a function')
    }
    await roundTrip(ann)
  }))

test('a kind that throws is refused as `kind_failed`, and its room goes on', () =>
  insideOne(async (node, ann) => {
    const mod = await node.connect({ user: 'mod' as never, role: 'moderator' })
    await mod.join()
    for (let times = 0; times < 2; times++) {
      expect(await mod.send('crash', {})).toMatchObject({ ok: false, code: 'refused', reason: 'kind_failed' })
    }
    expect(await ann.send('never', {})).toMatchObject({ code: 'refused', reason: 'never', temporary: false })
  }))

test('what a role may not do is `forbidden`, before its body is looked at', () =>
  insideOne(async (_, ann) => {
    expect(await ann.send('note', { word: 'x' })).toMatchObject({ code: 'forbidden' })
    expect(await ann.send('crash', 'nonsense')).toMatchObject({ code: 'forbidden' })
  }))

test('binary data, which the protocol has none of, ends the one connection that sent it', async () => {
  await using node = await startTestNode()
  const ann = await node.connect()
  const socket = ann.socket as unknown as { emit(event: string, ...args: unknown[]): void }
  socket.emit('join', Buffer.from('binary'))
  await until(() => ann.socket.disconnected)
})

test('garbage below the protocol ends the one connection that sent it', async () => {
  await using node = await startTestNode()
  const [ann, bob] = [await node.connect(), await node.connect({ user: 'bob' as never })]
  await bob.join()
  ann.socket.io.engine.write('4garbage')
  await until(() => ann.socket.disconnected)
  expect(await bob.send('add', { by: 1 })).toMatchObject({ ok: true })
})
