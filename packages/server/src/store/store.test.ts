import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventId, RoomId } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { isDuplicate, openStore, type Store } from './store.ts'

const event = {
  zone: 'local',
  id: 'e1' as EventId,
  code: 'ABC',
  title: 'T',
  status: 'live' as const,
  form: 'event' as const,
  door: 'open' as const,
  created_at: 1,
}

const caught = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-'))
  try {
    await work(join(folder, 'plenary.db'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('what was written is there after opening again, and migrations run once', () =>
  inFolder(async (file) => {
    const first = await openStore(file)
    await first.insertInto('event').values(event).execute()
    await first.destroy()
    const second = await openStore(file)
    expect(await second.selectFrom('event').selectAll().execute()).toEqual([event])
    await second.destroy()
  }))

test('a row that exists already is told from every other error', async () => {
  const store: Store = await openStore(':memory:')
  await store.insertInto('event').values(event).execute()
  const again = await caught(store.insertInto('event').values(event).execute())
  const sameCode = await caught(
    store
      .insertInto('event')
      .values({ ...event, id: 'e2' as EventId })
      .execute(),
  )
  const orphan = { id: 'r' as RoomId, event_id: 'nope' as EventId, place: 0, kind: 'chat', title: 'C', settings: '{}' }
  const foreignKey = await caught(store.insertInto('room').values(orphan).execute())
  expect([again, sameCode, foreignKey].map(isDuplicate)).toEqual([true, true, false])
  expect(foreignKey).toBeInstanceOf(Error)
  await store.destroy()
})

test('a transaction that fails leaves nothing, and others wait for it', async () => {
  const store: Store = await openStore(':memory:')
  const failing = store.transaction().execute(async (tx) => {
    await tx.insertInto('event').values(event).execute()
    throw new Error('changed my mind')
  })
  const beside = store.selectFrom('event').selectAll().execute()
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await beside).toEqual([])
  await store.destroy()
})
