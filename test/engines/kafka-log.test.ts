import type { RoomId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeRecord } from '../../packages/engine/src/log/kafka/record.ts'
import { Sender } from '../../packages/engine/src/log/kafka/sender.ts'
import { logContract } from '../../packages/engine/src/log/log.contract.ts'
import { Fenced } from '../../packages/engine/src/log/log.ts'
import { ensureKafka, startKafka } from '../../scripts/engines/kafka.ts'
import type { KafkaEngine } from '../../scripts/engines/kafka.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'
import { append, everything, kafkaCluster, until } from './kafka-cluster.ts'

const there = (await ensureKafka()) !== null && (await ensurePostgres()) !== null
const ROOM = 'room-1' as RoomId

describe.skipIf(!there)('Kafka', () => {
  let kafka: KafkaEngine
  let postgres: PostgresEngine
  beforeAll(async () => {
    postgres = await startPostgres()
    kafka = await startKafka()
  }, 60_000)
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]()
    await postgres[Symbol.asyncDispose]()
  })

  logContract('Kafka in front of PostgreSQL', async () => {
    const cluster = kafkaCluster(kafka, postgres)
    const log = await cluster.open()
    await cluster.write()
    return { log, reopen: () => cluster.open(), close: () => cluster.dispose() }
  })

  test('[R4] an owner that was overtaken without hearing of it is refused, and its late record counts for nobody', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const [one, two] = [await cluster.open(), await cluster.open()]
    const before = await one.acquire('z/1', 1)
    await before.append([append(ROOM, 0, 2)])
    const after = await two.acquire('z/1', 2)
    await expect(before.append([append(ROOM, 2)])).rejects.toBeInstanceOf(Fenced)
    await expect(before.append([append(ROOM, 2)])).rejects.toBeInstanceOf(Fenced)
    await expect(before.snapshot(ROOM, { seq: 2, version: 1, state: '{}' })).rejects.toBeInstanceOf(Fenced)
    expect((await after.load(ROOM)).head).toBe(2)
    await after.append([append(ROOM, 2)])
    await cluster.write()
    expect(await everything(one, ROOM)).toEqual(await everything(two, ROOM))
    expect((await cluster.inPostgres([ROOM])).get(ROOM)).toEqual(await everything(two, ROOM))
  })

  test('[R4] of an append and a fence at the same moment, the append is acknowledged and there, or refused and not there', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const nodes = [await cluster.open(), await cluster.open()]
    const outcomes = { acknowledged: 0, fenced: 0 }
    let owner = await nodes[0]?.acquire('z/2', 1)
    let head = 0
    for (let epoch = 2; epoch < 80; epoch++) {
      const next = nodes[epoch % 2]
      if (owner === undefined || next === undefined) throw new Error('There is no owner.')
      const one = append(ROOM, head)
      const last = owner
      // Which of the two reaches the broker first is left to chance.
      const [tried, taken] = await Promise.allSettled([
        wait(Math.random() * 6).then(() => last.append([one])),
        next.acquire('z/2', epoch),
      ])
      if (taken.status === 'rejected') throw taken.reason
      owner = taken.value
      const loaded = await owner.load(ROOM)
      if (tried.status === 'fulfilled') {
        outcomes.acknowledged++
        head++
        expect(await owner.ids(ROOM, 1)).toEqual([{ id: one.entries[0]?.id, seq: head }])
      } else {
        outcomes.fenced++
        expect(tried.reason).toBeInstanceOf(Fenced)
        expect(loaded.head).toBe(head)
      }
    }
    // It was a race only if both have won.
    expect(Math.min(outcomes.acknowledged, outcomes.fenced)).toBeGreaterThan(0)
    await cluster.write()
    await until(async () => (await cluster.inPostgres([ROOM])).get(ROOM)?.length === head)
    expect((await cluster.inPostgres([ROOM])).get(ROOM)).toEqual((await cluster.inKafka(2)).get(ROOM))
  })

  test('[R3] what stands twice in a partition, and what a dead epoch wrote, counts once or never', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const log = await cluster.open()
    const sender = new Sender(cluster.options)
    const stray = (record: Parameters<typeof encodeRecord>[0]) => sender.send(cluster.topic, 3, encodeRecord(record))
    try {
      const owner = await log.acquire('z/3', 7)
      const first = append(ROOM, 0)
      await owner.append([first])
      await stray({ epoch: 7, n: 1, batch: [first] })
      await stray({ epoch: 6, n: 1, batch: [append(ROOM, 1)] })
      await stray({ epoch: 5, token: randomUUID() })
      // Between this owner's records lie strangers' now, none of which ends its epoch.
      const second = append(ROOM, 1)
      await owner.append([second])
      await stray({ epoch: 7, n: 2, batch: [second] })
      await cluster.write()
      const whole = [...first.entries, ...second.entries]
      await until(async () => (await cluster.inPostgres([ROOM])).get(ROOM)?.length === 2)
      const again = await (await cluster.open()).acquire('z/3', 8)
      expect((await again.load(ROOM)).entries).toEqual(whole)
      expect((await cluster.inPostgres([ROOM])).get(ROOM)).toEqual(whole)
    } finally {
      await sender.close()
    }
  })

  test('[R5] a node that does not own the room waits for the writer and then reads what was acknowledged', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const [one, two] = [await cluster.open(), await cluster.open()]
    const owner = await one.acquire('z/4', 1)
    await owner.append([append(ROOM, 0, 3)])
    const reading = everything(two, ROOM)
    await cluster.write()
    expect(await reading).toEqual(await everything(one, ROOM))
    await owner.append([append(ROOM, 3, 2)])
    expect(await two.head(ROOM)).toBe(5)
  })

  test('two writers share the partitions, and one that leaves leaves its part to the other', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const log = await cluster.open()
    const first = await cluster.write()
    await cluster.write()
    const owners = await Promise.all(Array.from({ length: 8 }, (_, shard) => log.acquire(`z/${shard}`, 1)))
    const rooms = owners.map((_, shard) => `room-${shard}` as RoomId)
    const round = (after: number) =>
      Promise.all(owners.map((owner, shard) => owner.append([append(rooms[shard] ?? ROOM, after, 5)])))
    const written = async () => [...(await cluster.inPostgres(rooms)).values()].flat().length
    await round(0)
    await until(async () => (await written()) === 40)
    await first.stop()
    await round(5)
    await until(async () => (await written()) === 80)
  })

  test('what an append costs', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const log = await cluster.open()
    await cluster.write()
    const owner = await log.acquire('z/5', 1)
    const took: number[] = []
    for (let after = 0; after < 600; after++) {
      const startedAt = performance.now()
      await owner.append([append(ROOM, after, 1, 'x'.repeat(200))])
      took.push(performance.now() - startedAt)
    }
    // The first ones pay for connections and for code that is not warm yet.
    const warm = took.slice(100).toSorted((a, b) => a - b)
    const at = (share: number) => (warm[Math.floor(warm.length * share)] ?? 0).toFixed(2)
    console.log(`Kafka append: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
    expect(await log.head(ROOM)).toBe(600)
  })
})
