import { Admin, Consumer, Producer } from '@platformatic/kafka'
import type { ConnectionOptions } from '@platformatic/kafka'
import { setTimeout as wait } from 'node:timers/promises'
import { KAFKA_LIMITS } from './limits.ts'

export interface KafkaConnection {
  /** `host:port` of some of them; the others are found from there. */
  brokers: readonly string[]
  /** In front of the zone's name. One log's topics, and nothing else, begin with it. */
  topicPrefix?: string
  /** Copies of each record; as many as there are brokers, up to 3. */
  replicas?: number
  tls?: NonNullable<ConnectionOptions['tls']>
  sasl?: NonNullable<ConnectionOptions['sasl']>
}

export const TOPIC_PREFIX = 'plenary.entries'
const RETENTION_DAYS = 7
const DAY_MS = 24 * 60 * 60_000
const TOPIC_MS_MAX = 5_000
/** A member that is not heard of for so long has its partitions taken over; the least that brokers allow. */
const SESSION_MS = 6_000
const REBALANCE_MS = 8_000
const HEARTBEAT_MS = 1_500

const common = (connection: KafkaConnection, clientId: string) => ({
  clientId,
  bootstrapBrokers: [...connection.brokers],
  connectTimeout: KAFKA_LIMITS.connectMs,
  requestTimeout: KAFKA_LIMITS.requestMs,
  timeout: KAFKA_LIMITS.requestMs,
  retryDelay: KAFKA_LIMITS.retryMs,
  ...(connection.tls !== undefined && { tls: connection.tls }),
  ...(connection.sasl !== undefined && { sasl: connection.sasl }),
})

/** Every record it sends is on all in-sync replicas when it is acknowledged. */
export function openProducer(connection: KafkaConnection): Producer {
  // Fewer retries would mean endless ones to this library.
  return new Producer({ ...common(connection, 'plenary-log'), idempotent: true, retries: 2 })
}

/** Reads partitions by their offsets. */
export function openConsumer(connection: KafkaConnection): Consumer {
  return new Consumer({
    ...common(connection, 'plenary-reader'),
    groupId: 'plenary-reader',
    retries: 1,
    autocommit: false,
  })
}

/** Shares a topic's partitions with the other members of its group. */
export function openMember(connection: KafkaConnection, groupId: string): Consumer {
  return new Consumer({
    ...common(connection, 'plenary-writer'),
    groupId,
    retries: 1,
    autocommit: false,
    sessionTimeout: SESSION_MS,
    rebalanceTimeout: REBALANCE_MS,
    heartbeatInterval: HEARTBEAT_MS,
    // To join is to wait for all the others.
    requestTimeout: REBALANCE_MS * 2,
  })
}

/**
 * Sees to it that the topic exists, with so many partitions. Throws when it has another number: rooms would be looked for in the
 * wrong one.
 */
export async function ensureTopic(connection: KafkaConnection, topic: string, partitions: number): Promise<void> {
  const admin = new Admin({ ...common(connection, 'plenary-log'), retries: 2 })
  try {
    const brokers = (await admin.metadata({})).brokers.size
    const replicas = connection.replicas ?? Math.min(3, Math.max(1, brokers))
    const configs = {
      'cleanup.policy': 'delete',
      'max.message.bytes': KAFKA_LIMITS.recordBytes + 1024 * 1024,
      // What PostgreSQL has, Kafka need not keep; the writer must not be away for longer than this.
      'retention.ms': RETENTION_DAYS * DAY_MS,
      'min.insync.replicas': Math.max(1, replicas - 1),
      // An acknowledged record is never given up for being available (R1).
      'unclean.leader.election.enable': 'false',
    }
    const given = Object.entries(configs).map(([name, value]) => ({ name, value: String(value) }))
    await admin.createTopics({ topics: [topic], partitions, replicas, configs: given }).catch((error: unknown) => {
      if (!saysKafka(error, 'TOPIC_ALREADY_EXISTS')) throw error
    })
    const count = await countPartitions(admin, topic)
    if (count === partitions) return
    throw new Error(
      `The topic ${topic} has ${count} partitions and the zone ${partitions} shards; the two never change.`,
    )
  } finally {
    await admin.close()
  }
}

/** Once every partition has a leader: what has just been made is not known everywhere at once. */
async function countPartitions(admin: Admin, topic: string): Promise<number> {
  const until = performance.now() + TOPIC_MS_MAX
  for (;;) {
    try {
      const found = (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)
      if (found !== undefined && Object.values(found.partitions).every(({ leader }) => leader >= 0))
        return found.partitionsCount
      if (performance.now() > until) throw new Error(`Not every partition of ${topic} has a leader.`)
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await wait(KAFKA_LIMITS.retryMs)
  }
}

interface ReadableError {
  apiId?: unknown
  errors?: unknown
  cause?: unknown
}

/** Whether a broker's answer, anywhere in an error of this library, carries this name. */
export function saysKafka(error: unknown, apiId: string): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { apiId: own, errors, cause }: ReadableError = error
  return (
    own === apiId || (Array.isArray(errors) && errors.some((each) => saysKafka(each, apiId))) || saysKafka(cause, apiId)
  )
}
