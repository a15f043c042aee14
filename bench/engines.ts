import { ensureKafka, startKafka } from '../scripts/engines/kafka.ts'
import { ensurePostgres, startPostgres } from '../scripts/engines/postgres.ts'
import { ensureRedis, startRedis } from '../scripts/engines/redis.ts'
import type { Stage } from './stage.ts'

/** Engines of a benchmark's own, installed where they are missing; the stage ends them. Each throws where it cannot be had. */
export const redisFor = (stage: Stage) => engineFor(stage, 'Redis', ensureRedis, startRedis)
export const postgresFor = (stage: Stage) => engineFor(stage, 'PostgreSQL', ensurePostgres, startPostgres)
export const kafkaFor = (stage: Stage) => engineFor(stage, 'Kafka', ensureKafka, startKafka)

async function engineFor<Engine extends AsyncDisposable>(
  stage: Stage,
  name: string,
  ensure: () => Promise<unknown>,
  start: () => Promise<Engine>,
): Promise<Engine> {
  if ((await ensure()) === null) throw new Error(`${name} is needed, and is not here.`)
  return stage.use(await start())
}
