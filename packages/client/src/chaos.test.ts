import { failure } from '@plenary/kinds'
import { array, assert, asyncProperty, constantFrom, integer, record, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { BOB, ROOM } from './testing/fake-server.ts'
import { notes } from './testing/notes.ts'
import { stage } from './testing/stage.ts'

/** One thing that happens; the number says how much of it. */
type Step = { do: 'own' | 'theirs' | 'wait' | 'cut' | 'goodbye' | 'offline' | 'resync'; n: number }

const steps: Arbitrary<Step[]> = array(
  record({
    do: constantFrom('own', 'own', 'theirs', 'wait', 'wait', 'cut', 'goodbye', 'offline', 'resync'),
    n: integer({ min: 1, max: 5 }),
  }),
  { maxLength: 40 },
)

async function run(seed: number, plan: Step[], trouble: number) {
  const { runtime, server, client } = stage(seed)
  const chance = () => runtime.random() < trouble
  const session = await client.join({ code: 'CODE', name: 'Ann' })
  const room = session.room(notes, ROOM)
  await runtime.pass(100)
  Object.assign(server.faults, {
    loseCommand: chance,
    loseAck: chance,
    loseBatch: chance,
    repeatBatch: chance,
    connect: () => (chance() ? failure('unavailable', 'Full.') : null),
    http: chance,
    join: () => (chance() ? failure('moved', 'Moved.') : null),
    send: () => (chance() ? failure('unavailable', 'Busy.', { retryAfter: 500 }) : null),
  })
  const seen: number[] = []
  room.onEntry(({ seq }) => seen.push(seq))
  const settled: string[] = []
  let made = 0
  for (const step of plan) {
    for (let n = 0; n < step.n; n++) {
      if (step.do === 'own') {
        const text = `own ${made++}`
        void room.send('note', { text }).then(
          () => settled.push(text),
          () => settled.push(`refused ${text}`),
        )
      } else if (step.do === 'theirs') server.append(BOB, 'note', [{ text: 'theirs' }])
      else if (step.do === 'wait') await runtime.pass(runtime.random() * 3_000)
    }
    if (step.do === 'cut') server.cutAll()
    if (step.do === 'goodbye') server.tellAll({ name: 'goodbye', body: { within: step.n * 100, reason: 'drain' } })
    if (step.do === 'offline') runtime.device('offline')
    if (step.do === 'resync') room.resync()
    if (step.do !== 'own') await runtime.pass(step.n)
    if (step.do === 'offline') runtime.device('online')
  }
  Object.assign(server.faults, {
    loseCommand: () => false,
    loseAck: () => false,
    loseBatch: () => false,
    connect: () => null,
    http: () => false,
    join: () => null,
    send: () => null,
  })
  await runtime.pass(120_000)
  server.append(BOB, 'note', [{ text: 'the last' }])
  await runtime.pass(60_000)
  const result = { seen, settled, made, view: room.snapshot.view, pending: room.snapshot.pending, server, session }
  session.close()
  expect(runtime.left).toBe(0)
  expect(server.links).toEqual([])
  return result
}

test('[R3] [R5] whatever is lost, repeated or cut: each entry is applied once and in order, each command settles once', async () => {
  await assert(
    asyncProperty(integer(), steps, constantFrom(0, 0.1, 0.4), async (seed, plan, trouble) => {
      const { seen, settled, made, view, pending, server } = await run(seed, plan, trouble)
      expect(seen).toEqual(server.entries.slice(1).map(({ seq }) => seq))
      expect(view).toEqual(server.view())
      const own = Array.from({ length: made }, (_, index) => `own ${index}`)
      expect(settled).toEqual(own)
      expect(
        server.entries.flatMap(({ by, body }) => (by?.id === 'ann' ? [(body as { text: string }).text] : [])),
      ).toEqual(own)
      expect(pending).toEqual([])
    }),
    { numRuns: 300 },
  )
})
