import { expect, test } from 'vitest'
import { startFaulty } from '../testing/faults.ts'
import { ROOM, identity, startTestNode, until } from '../testing/harness.ts'

test('[R9] a stop answers what was asked and makes durable what was taken', async () => {
  const { node, log } = await startFaulty()
  const ann = await node.connect()
  await ann.join()
  const release = log.hold()
  const sent = Array.from({ length: 10 }, () => ann.send('add', { by: 1 }))
  await until(() => log.held === 1)
  const stopped = node.node.stop()
  expect(node.node.ready).toBe(false)
  await until(() => ann.heard('goodbye').length === 1)
  release()
  for (const answer of await Promise.all(sent)) expect(answer).toMatchObject({ ok: true })
  await stopped
  await until(() => ann.socket.disconnected)
  await using again = await node.restart()
  expect(await (await again.connect()).join()).toMatchObject({ view: { total: 10 }, mine: { share: 10 } })
})

test('[R9] a stop whose last append breaks comes to its end all the same, and nothing is acknowledged', async () => {
  const { node, log } = await startFaulty()
  await node.command('add', { by: 1 })
  const release = log.hold()
  const sent = node.command('add', { by: 1 })
  const outcome = sent.then(
    () => 'acknowledged',
    (error: unknown) => (error as { code?: string }).code,
  )
  await until(() => log.held === 1)
  log.failNext('before')
  const stopped = node.node.stop()
  let refused = false
  // The owner lets go some moments after the gateway; what it still takes until then shares the broken append's fate.
  await until(() => {
    node.command('add', { by: 100 }).catch(() => (refused = true))
    return refused
  })
  release()
  expect(await outcome).toBe('moved')
  await stopped
  await using again = await node.restart()
  expect(await again.command('add', { by: 1 })).toMatchObject({ result: { total: 2 } })
})

test('[R9] a node that stops takes no more connections and no more orders', async () => {
  await using node = await startTestNode()
  await node.command('add', { by: 1 })
  await node.node.stop()
  await expect(node.connect()).rejects.toBeInstanceOf(Error)
  await expect(node.command('add', { by: 1 })).rejects.toMatchObject({ code: 'moved' })
})

test('[R9] what was taken by a node that stops is there at once for the next, without a replay', async () => {
  let node = await startTestNode()
  for (let at = 0; at < 5; at++) await node.command('add', { by: 1 })
  node = await node.restart()
  await using _ = node
  const shard = await node.log.acquire('another/0', 1)
  expect(await shard.load(ROOM)).toMatchObject({ head: 6, snapshot: { seq: 6 }, entries: [] })
})

test('a client is told by which gateway to come in, and none is given once it stopped', async () => {
  await using node = await startTestNode()
  expect(await node.node.assign('z')).toEqual({ url: node.url, zone: 'z' })
  await node.node.stop()
  await expect(node.node.assign('z')).rejects.toMatchObject({ code: 'unavailable', temporary: true })
  expect(node.node.voided(identity())).toBe(false)
})
