import { expect, test } from 'vitest'
import { Asker } from './asker.ts'

test('[R7] an asker counts in shard and room until the first answer, and once', async () => {
  const [shard, room] = [{ waiting: 0 }, { waiting: 0 }]
  const asker = new Asker(shard)
  expect([shard.waiting, room.waiting]).toEqual([1, 0])
  asker.enter(room)
  expect([shard.waiting, room.waiting]).toEqual([1, 1])
  asker.hears({ seq: 7 }).release()
  expect([shard.waiting, room.waiting]).toEqual([0, 0])
  asker.fail(new Error('too late'))
  asker.release()
  expect([shard.waiting, room.waiting]).toEqual([0, 0])
  expect(await asker.answer).toEqual({ header: { seq: 7 } })
})

test('[R7] one that is refused before it came to a room leaves the shard, and one that hears a refusal both', async () => {
  const [shard, room] = [{ waiting: 0 }, { waiting: 0 }]
  const early = new Asker(shard)
  early.fail(new Error('busy'))
  await expect(early.answer).rejects.toThrow('busy')
  const late = new Asker(shard)
  late.enter(room)
  late.hears(new Error('refused')).release()
  await expect(late.answer).rejects.toThrow('refused')
  expect([shard.waiting, room.waiting]).toEqual([0, 0])
})
