import type { RoomId } from '@plenary/kinds'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KAFKA_LIMITS } from '../../packages/engine/src/log/kafka/limits.ts'
import { ensureKafka, startKafka } from '../../scripts/engines/kafka.ts'
import type { KafkaEngine } from '../../scripts/engines/kafka.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'
import { Owner, append, crowd, expectWhole, kafkaCluster, until } from './kafka-cluster.ts'

const there = (await ensureKafka()) !== null && (await ensurePostgres()) !== null
const LIVES = 3
const LIVES_MS_MAX = 60_000

describe.skipIf(!there)('the writer from Kafka to PostgreSQL', () => {
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

  test(
    '[R1][R3] writers killed at any point: PostgreSQL ends with every acknowledged entry once',
    async () => {
      await using cluster = kafkaCluster(kafka, postgres)
      const log = await cluster.open()
      const owners = [new Owner(log, 0), new Owner(log, 1)]
      const stop = crowd(owners)
      const file = join(import.meta.dirname, 'kafka-writer-process.ts')
      let kills = 0
      // Each of a group of its own: none waits for the dead, and several write the same partitions at the same time.
      const writers = Array.from({ length: 2 }, async (_, line) => {
        for (let life = 0; life < LIVES; life++) {
          const options = { ...cluster.options, group: `line-${line}-life-${life}` }
          const child = spawn(process.execPath, [file, JSON.stringify(options)], {
            stdio: ['ignore', 'pipe', 'inherit'],
          })
          await once(child.stdout, 'data')
          await wait(Math.random() * 200)
          child.kill('SIGKILL')
          await once(child, 'exit')
          kills++
        }
      })
      await Promise.all(writers)
      await stop()
      expect(kills).toBe(2 * LIVES)
      expect(owners.flatMap(({ failures }) => failures)).toEqual([])
      const written = [...(await cluster.inPostgres(owners.map(({ room }) => room))).values()].flat().length
      const acknowledged = owners.flatMap((owner) => owner.acknowledged).length
      console.log(`${acknowledged} entries acknowledged, ${written} of them written by those who were killed`)
      expect(written).toBeGreaterThan(0)
      await cluster.write()
      await expectWhole(cluster, owners)
    },
    LIVES_MS_MAX,
  )

  test('[R1] PostgreSQL away: rooms go on, nothing is lost, and the writer catches up by itself', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const log = await cluster.open()
    const writer = await cluster.write()
    const owners = [new Owner(log, 0), new Owner(log, 1)]
    for (const owner of owners) expect(await owner.append()).toBe(true)
    const stop = crowd(owners)
    await postgres.kill()
    const counts = owners.map((owner) => owner.acknowledged.length)
    await until(() => owners.every((owner, at) => owner.acknowledged.length > (counts[at] ?? 0) + 500))
    await until(() => writer.lag() > 0)
    await postgres.restart()
    await stop()
    expect(owners.flatMap(({ failures }) => failures)).toEqual([])
    console.log(
      `longest append while PostgreSQL was away: ${Math.max(...owners.flatMap(({ took }) => took)).toFixed(0)} ms`,
    )
    await expectWhole(cluster, owners)
    await until(() => writer.lag() === 0)
  })

  test('[R7] too far ahead of PostgreSQL, an append waits, is refused unsent, and is taken once the writer is back', async () => {
    await using cluster = kafkaCluster(kafka, postgres)
    const room = 'room-1' as RoomId
    const owner = await (await cluster.open()).acquire('z/0', 1)
    const chars = 4 * 1024 * 1024
    let head = 0
    for (; head * chars < KAFKA_LIMITS.overlayChars; head++)
      await owner.append([append(room, head, 1, 'x'.repeat(chars))])
    await expect(owner.append([append(room, head)])).rejects.toThrow('too far behind')
    const waiting = owner.append([append(room, head)])
    await cluster.write()
    await waiting
    expect((await owner.load(room)).head).toBe(head + 1)
  })
})
