import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureKafka, startKafka } from '../../scripts/engines/kafka.ts'
import type { KafkaEngine } from '../../scripts/engines/kafka.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'
import { Owner, crowd, expectWhole, kafkaCluster, until } from './kafka-cluster.ts'

const there = (await ensureKafka()) !== null && (await ensurePostgres()) !== null
const AGAIN_MS_MAX = 10_000
/** A broker may take long to start where many programs share two cores. */
const FAULT_MS_MAX = 60_000

describe.skipIf(!there)('Kafka in front of PostgreSQL, through faults', () => {
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

  test.for([
    ['killed', 'kill'],
    ['paused', 'pause'],
  ] as const)(
    '[R1][R8] the broker %s and back: temporary errors, then it works again by itself, nothing acknowledged lost',
    { timeout: FAULT_MS_MAX },
    async ([, how]) => {
      await using cluster = kafkaCluster(kafka, postgres)
      const log = await cluster.open()
      await cluster.write()
      const owners = [new Owner(log, 0), new Owner(log, 1)]
      for (const owner of owners) expect(await owner.append()).toBe(true)
      const stop = crowd(owners)
      await until(() => owners.every((owner) => owner.acknowledged.length > 100))
      await kafka[how]()
      await until(() => owners.every(({ failures }) => failures.length > 0))
      await (how === 'kill' ? kafka.restart() : kafka.resume())
      const backAt = performance.now()
      const counts = owners.map((owner) => owner.acknowledged.length)
      await until(() => owners.every((owner, at) => owner.acknowledged.length > (counts[at] ?? 0)))
      const againMs = performance.now() - backAt
      console.log(
        `appends ${how} → back: taken again after ${againMs.toFixed(0)} ms, ${owners.map(({ failures }) => failures.length).join(' and ')} failures`,
      )
      expect(againMs).toBeLessThan(AGAIN_MS_MAX)
      await stop()
      const stoppedAt = performance.now()
      await expectWhole(cluster, owners)
      console.log(`the writer had caught up ${(performance.now() - stoppedAt).toFixed(0)} ms later`)
    },
  )
})
