import { expect, test } from 'vitest'
import { startTestNode } from './testing/harness.ts'

test('[R1] what was acknowledged is there after a restart', async () => {
  let node = await startTestNode()
  const ann = await node.connect()
  const joined = await ann.join()
  expect(joined).toMatchObject({ ok: true, kind: 'tally', role: 'attendee', view: { total: 0 }, mine: { share: 0 } })
  expect(await ann.send('add', { by: 3 })).toMatchObject({ ok: true, seq: 2, result: { total: 3 } })
  await ann.until(() => ann.entries.length === 1)
  node = await node.restart()
  await using _ = node
  const again = await node.connect()
  expect(await again.join()).toMatchObject({ ok: true, view: { total: 3 }, mine: { share: 3 }, cursor: { seq: 2 } })
})
