import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { roundTrip, startFaulty } from '../testing/faults.ts'
import { Follower, dense } from '../testing/follower.ts'
import { ROOM, identity, until } from '../testing/harness.ts'

/** Whether a promise has come to its end. */
function watch(promise: Promise<unknown>): () => boolean {
  let ended = false
  promise.then(
    () => (ended = true),
    () => (ended = true),
  )
  return () => ended
}

test('[R11] nothing shows before the append is durable: no ack, batch, view, mine, digest, refusal or history', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const canary = randomUUID()
  const [ann, bob, eve] = await Promise.all(['ann', 'bob', 'eve'].map((user) => node.connect({ user: user as never })))
  const mod = await node.connect({ user: 'mod' as never, role: 'moderator' })
  if (ann === undefined || bob === undefined || eve === undefined) throw new Error('There are no clients.')
  for (const client of [ann, bob, mod]) await client.join()
  await until(() => bob.heard('presence').length > 0)

  const release = log.hold()
  const sent = ann.send('say', { word: canary })
  const added = ann.send('add', { by: 7 })
  await until(() => log.held === 1)
  const refused = bob.send('never', {})
  const again = ann.send('add', { by: 1 })
  const joined = eve.join()
  const barred = mod.send('bar', { user: 'bob' })
  const waiting = [sent, added, refused, again, barred].map(watch)
  await Promise.all([ann, bob, eve, mod].map(roundTrip))
  const history = await node.node.entries(ROOM, identity({ user: 'bob' as never }), { limit: 50 })

  expect(waiting.map((ended) => ended())).toEqual([false, false, false, false, false])
  for (const client of [ann, bob, eve, mod]) {
    expect(client.saw(canary)).toBe(false)
    expect(client.batches).toEqual([])
    expect(client.heard('digest').filter((digest) => digest.through > 1)).toEqual([])
    expect(client.heard('revoked')).toEqual([])
  }
  expect(JSON.stringify(history)).not.toContain(canary)

  release()
  expect(await sent).toMatchObject({ ok: true, seq: 2 })
  expect(await added).toMatchObject({ ok: true, seq: 3, result: { total: 7 } })
  expect(await refused).toMatchObject({ ok: false, code: 'refused', reason: 'never' })
  expect(await again).toMatchObject({ ok: true, result: { total: 8 } })
  expect(await barred).toMatchObject({ ok: true })
  expect(await joined).toMatchObject({ ok: true })
  await until(() => bob.heard('revoked').length === 1)
  await until(() => ann.heard('digest').some((digest) => JSON.stringify(digest.body) === '{"total":8}'))
  expect(mod.saw(canary)).toBe(true)
})

test('[R11] who is barred is thrown out once that is durable, and not with what was decided before it', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const bob = await node.connect({ user: 'bob' as never })
  const mod = await node.connect({ user: 'mod' as never, role: 'moderator' })
  await bob.join()
  await mod.join()
  const releaseFirst = log.hold()
  const said = bob.send('say', { word: 'before' })
  await until(() => log.held === 1)
  const barring = mod.send('bar', { user: 'bob' })
  await roundTrip(mod)
  const releaseSecond = log.hold()
  releaseFirst()
  expect(await said).toMatchObject({ ok: true })
  await until(() => log.held === 1)
  await roundTrip(bob)
  expect(bob.entries.map((entry) => entry.body)).toEqual([{ word: 'before' }])
  expect(bob.heard('revoked')).toEqual([])
  releaseSecond()
  expect(await barring).toMatchObject({ ok: true })
  await until(() => bob.heard('revoked').length === 1)
})

test.for(['before', 'after'] as const)(
  '[R1] an append that breaks %s it was written ends the epoch; the command is asked again and stands once',
  async (fault) => {
    const { node, log } = await startFaulty()
    await using _ = node
    const ann = await node.connect()
    const bob = await node.connect({ user: 'bob' as never })
    await ann.join()
    await bob.join()
    await ann.send('add', { by: 1 })
    log.failNext(fault)
    const answers = await Promise.all([
      ann.send('add', { by: 10 }),
      bob.send('say', { word: 'hi' }),
      ann.send('add', { by: 100 }),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ ok: true })
    await until(() => bob.entries.length === 4 && ann.entries.length === 4)
    expect(node.counted('epochs_over_total')).toBe(1)
    expect(ann.entries.map((entry) => entry.seq)).toEqual([2, 3, 4, 5])
    expect(bob.entries).toEqual(ann.entries)
    expect(new Set(ann.entries.map((entry) => entry.id)).size).toBe(4)
    const eve = await node.connect({ user: 'eve' as never })
    const late = await Follower.join(eve)
    await until(() => late.cursor.seq === 5)
    expect(late.view).toMatchObject({ total: 111, words: ['hi'] })
  },
)

test('[R8] what an owner made durable and did not tell is told by the next one, though nobody asks', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  await ann.send('wake', { at: Date.now() + 150 })
  log.failNext('after')
  await until(() => ann.entries.some((entry) => entry.type === 'woke'))
  expect(ann.entries.filter((entry) => entry.type === 'woke')).toHaveLength(1)
})

test('[R8] a log that is away for a while is waited for, and rooms come back', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  log.failNext('before')
  log.refuseAcquire = true
  const sent = ann.send('add', { by: 5 })
  await until(() => node.counted('epochs_over_total') === 1)
  await roundTrip(ann)
  log.refuseAcquire = false
  expect(await sent).toMatchObject({ ok: true, result: { total: 5 } })
})

test('[R1] a command that comes while its room is being read after a fault is carried out once', async () => {
  const { node, log } = await startFaulty()
  await using _ = node
  const ann = await node.connect()
  await ann.join()
  for (let round = 0; round < 3; round++) {
    log.failNext(round % 2 === 0 ? 'after' : 'before')
    const answers = await Promise.all(Array.from({ length: 8 }, () => ann.send('add', { by: 1 })))
    for (const answer of answers) expect(answer).toMatchObject({ ok: true })
  }
  await until(() => ann.entries.length === 24)
  expect(ann.entries.map((entry) => entry.seq)).toEqual(dense(25))
})
