import type { Row } from './row.ts'
import { canaries } from './rows/canaries.ts'
import { gatewayStorm } from './rows/gateway-storm.ts'
import { rollingRestart } from './rows/rolling-restart.ts'
import { wallClock } from './rows/wall-clock.ts'
import { malformedFrames } from './rows/malformed-frames.ts'
import { slowReader } from './rows/slow-reader.ts'
import { etcdAway } from './rows/etcd-away.ts'
import { kafkaRestarted } from './rows/kafka-restarted.ts'
import { ownerCutFromEtcd } from './rows/owner-cut-from-etcd.ts'
import { ownerKilled } from './rows/owner-killed.ts'
import { ownerPaused } from './rows/owner-paused.ts'
import { postgresAwayKafka } from './rows/postgres-away-kafka.ts'
import { postgresAway } from './rows/postgres-away.ts'
import { redisPrimaryKilled, redisPrimaryPaused } from './rows/redis-primary.ts'

/** The fault table, in its order. */
export const ROWS: readonly Row[] = [
  ownerKilled,
  ownerPaused,
  ownerCutFromEtcd,
  etcdAway,
  redisPrimaryKilled,
  redisPrimaryPaused,
  kafkaRestarted,
  postgresAwayKafka,
  postgresAway,
  slowReader,
  gatewayStorm,
  wallClock,
  malformedFrames,
  canaries,
  rollingRestart,
]
