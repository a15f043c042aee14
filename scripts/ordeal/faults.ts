import { setTimeout as wait } from 'node:timers/promises'
import { LIMITS } from '@plenary/kinds'
import type { ClusterLog } from '../cluster/arguments.ts'
import { eventually } from '../cluster/running.ts'
import type { Stage } from './stage.ts'

/** Something that is done to the cluster while people talk. */
export interface Fault {
  name: string
  /** What people read. */
  title: string
  /** Only with this log. */
  only?: ClusterLog
  /** For so long at most no command may be acknowledged; */
  silenceMsMax(log: ClusterLog): number
  /** and so long at most may a command wait, where that is promised. */
  waitMsMax?: number
  /** Does it; resolves when it is done, or has had its time. */
  strike(stage: Stage): Promise<void>
  /** Back to three nodes and all engines. */
  mend?(stage: Stage): Promise<void>
}

const PLANNED_MS_MAX = 2_000
/** The lease has to run out, and somebody else has to take the rooms (R8). */
const OWNER_GONE_MS_MAX = LIMITS.leaseTtlMs + 2_000
const FAILOVER_MS_MAX = 15_000
const BROKER_MS_MAX = 30_000
const POSTGRES_AWAY_MS = 60_000
const PAUSED_MS = 3 * LIMITS.leaseTtlMs
const ETCD_AWAY_MS = 10_000
const EVENED_OUT_MS_MAX = 60_000
const MOVES = 5
const MOVE_PAUSE_MS = 1_500
const ENGINE_MS_MAX = 30_000

export const FAULTS: readonly Fault[] = [
  {
    name: 'kill',
    title: 'SIGKILL of the node that owns the room',
    silenceMsMax: () => OWNER_GONE_MS_MAX,
    async strike(stage) {
      stage.gone = await stage.owner()
      await stage.cluster.act('kill', stage.gone)
    },
    mend: (stage) => stage.restartGone(),
  },
  {
    name: 'drain',
    title: 'drain of the node that owns the room',
    silenceMsMax: () => PLANNED_MS_MAX,
    waitMsMax: PLANNED_MS_MAX,
    async strike(stage) {
      stage.gone = await stage.owner()
      await stage.cluster.act('drain', stage.gone)
    },
    mend: (stage) => stage.restartGone(),
  },
  {
    name: 'add',
    title: 'one more node, and live sockets evened out',
    silenceMsMax: () => PLANNED_MS_MAX,
    waitMsMax: PLANNED_MS_MAX,
    async strike(stage) {
      stage.added = (await stage.cluster.add({ zone: stage.zone })).name
      await eventually('its part of the sockets on the new node', EVENED_OUT_MS_MAX, () => stage.isEven())
    },
    async mend(stage) {
      if (stage.added !== null) await stage.cluster.act('drain', stage.added)
      stage.added = null
    },
  },
  {
    name: 'move',
    title: `the room's shard moved ${MOVES} times`,
    silenceMsMax: () => PLANNED_MS_MAX,
    waitMsMax: PLANNED_MS_MAX,
    async strike(stage) {
      for (let moves = 0; moves < MOVES; moves++) {
        await stage.moveRoom()
        await wait(MOVE_PAUSE_MS)
      }
    },
  },
  {
    name: 'pause',
    title: `the owner of the room stopped with SIGSTOP for ${PAUSED_MS / 1000} s, and going on then`,
    silenceMsMax: () => OWNER_GONE_MS_MAX,
    async strike(stage) {
      const owner = await stage.owner()
      await stage.cluster.act('pause', owner)
      await wait(PAUSED_MS, undefined, { signal: stage.signal }).catch(() => undefined)
      await stage.cluster.act('resume', owner)
    },
  },
  {
    name: 'etcd',
    title: `etcd stopped for ${ETCD_AWAY_MS / 1000} s`,
    // Without it nobody's lease can be renewed, and nobody may acknowledge.
    silenceMsMax: () => ETCD_AWAY_MS + OWNER_GONE_MS_MAX,
    async strike(stage) {
      await stage.cluster.act('kill', 'etcd')
      stage.engineGone = 'etcd'
      await wait(ETCD_AWAY_MS, undefined, { signal: stage.signal }).catch(() => undefined)
      await stage.restartEngine()
    },
    mend: (stage) => stage.restartEngine(),
  },
  {
    name: 'redis',
    title: 'SIGKILL of the primary of Redis',
    silenceMsMax: () => FAILOVER_MS_MAX,
    async strike(stage) {
      const primary = await stage.cluster.redisPrimary()
      await stage.cluster.act('kill', primary)
      stage.engineGone = primary
      await eventually('another primary of Redis', ENGINE_MS_MAX, () => stage.cluster.redisPrimary().catch(() => null))
    },
    mend: (stage) => stage.restartEngine(),
  },
  {
    name: 'kafka',
    title: 'restart of the broker of Kafka',
    only: 'kafka',
    silenceMsMax: () => BROKER_MS_MAX,
    strike: (stage) => stage.cluster.act('restart', 'kafka'),
  },
  {
    name: 'postgres',
    title: `PostgreSQL stopped for ${POSTGRES_AWAY_MS / 1000} s`,
    // In front of it, Kafka takes what is written meanwhile.
    silenceMsMax: (log) => (log === 'kafka' ? PLANNED_MS_MAX : POSTGRES_AWAY_MS + FAILOVER_MS_MAX),
    async strike(stage) {
      await stage.cluster.act('kill', 'postgres')
      stage.engineGone = 'postgres'
      await wait(POSTGRES_AWAY_MS, undefined, { signal: stage.signal }).catch(() => undefined)
      await stage.restartEngine()
    },
    mend: (stage) => stage.restartEngine(),
  },
]
