import { kindTable } from '@plenary/kinds'
import type { AnyKind, Entry } from '@plenary/kinds'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Room } from '../owner/room.ts'
import { ROOM, startTestNode } from '../testing/harness.ts'
import { tally } from '../testing/tally.ts'

test('[R10] the log of a room that lived through commands, snapshots and restarts replays to the state it ended with', async () => {
  let node = await startTestNode()
  for (const how of ['restart', 'crash', 'restart'] as const) {
    await Promise.all(
      Array.from({ length: 450 }, (_, at) =>
        at % 3 === 0 ? node.command('say', { word: `${how} ${at}` }) : node.command('add', { by: at }),
      ),
    )
    node = await node[how]()
  }
  await using _ = node
  const loaded = await (await node.log.acquire('reader/0', 1)).load(ROOM)
  expect(loaded.snapshot?.seq).toBe(loaded.head)
  const entries = await node.log.read(ROOM, { after: 0, through: loaded.head, limit: 10_000, reader: 'all' })
  const replayed = Room.restore(ROOM, { ...loaded, snapshot: null, entries }, kindTable([tally]), 0)
  const hash = (state: string | undefined) =>
    createHash('sha256')
      .update(state ?? '')
      .digest('hex')
  expect(hash(replayed?.room.snapshot().state)).toBe(hash(loaded.snapshot?.state))
})

test('[R10] a kind’s new version takes up a room of the old one, and old clients’ ids stay known', async () => {
  let node = await startTestNode()
  const { seq } = await node.command('add', { by: 1 })
  const second = {
    ...tally,
    version: 2,
    upgrade: (entry: Entry) => (entry.type === 'added' ? { ...entry, body: { by: 100 } } : entry),
  } as AnyKind
  node = await node.restart({ kinds: [second] })
  const ann = await node.connect()
  // The change of version takes a place in the log that nobody sees.
  expect(await ann.join(ROOM)).toMatchObject({ view: { total: 100 }, cursor: { seq: seq + 1 } })
  expect(await node.command('add', { by: 1 })).toMatchObject({ seq: seq + 2, result: { total: 101 } })
  node = await node.crash({ kinds: [second] })
  expect(await node.command('add', { by: 1 })).toMatchObject({ seq: seq + 3, result: { total: 102 } })
  node = await node.restart({ kinds: [tally] })
  await using _ = node
  expect(await (await node.connect()).join(ROOM)).toMatchObject({ ok: false, code: 'unavailable' })
})
