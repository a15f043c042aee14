import type { Logger } from 'pino'
import { RedisLink } from '../redis/connect.ts'
import { RedisScript } from '../redis/script.ts'
import type { RedisTarget } from '../redis/target.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { ASSIGN, LIST, REMOVE, REPORT } from './registry-scripts.ts'
import { REPORT_TTL_MS } from './registry.ts'
import type { Registry } from './registry.ts'

export interface RedisRegistryOptions {
  target: RedisTarget
  runtime: Runtime
  logger: Logger
  /** In front of every key, so that several clusters can share one Redis. */
  prefix?: string
  /** How long a report speaks for its gateway and a place stays reserved; `REPORT_TTL_MS` without it. */
  ttlMs?: number
}

const PREFIX = 'plenary'

/**
 * A registry in Redis, for any number of processes that report and assign. It is all soft state: after a failover, or on an empty
 * Redis, it is whole again once every gateway has reported. Its calls throw `unavailable` while Redis cannot be reached. Throws
 * when Redis cannot be reached at first.
 */
export async function redisRegistry(options: RedisRegistryOptions): Promise<Registry> {
  const { prefix = PREFIX, ttlMs = REPORT_TTL_MS } = options
  const link = await RedisLink.open({ ...options, purpose: 'registry' })
  const step = (text: string) => {
    const script = new RedisScript(link, text)
    return (...args: (string | number)[]) => script.run([prefix, ttlMs, ...args])
  }
  const [report, assign, remove, list] = [step(REPORT), step(ASSIGN), step(REMOVE), step(LIST)]

  return {
    async report({ node, zone, url, capacity, connections, cpu }) {
      await report(node, zone, url, capacity, connections, cpu ?? '')
    },
    async assign(zone = '', avoid = '') {
      const given = (await assign(zone, avoid)) as [url: string, zone: string] | null
      return given === null ? null : { url: given[0], zone: given[1] }
    },
    async remove(node) {
      await remove(node)
    },
    async list() {
      const living = (await list()) as [
        node: string,
        zone: string,
        url: string,
        capacity: string,
        connections: string,
        cpu: string | null,
      ][]
      return living.map(([node, zone, url, capacity, connections, cpu]) => ({
        node,
        zone,
        url,
        capacity: Number(capacity),
        connections: Number(connections),
        ...(cpu === null || cpu === '' ? {} : { cpu: Number(cpu) }),
      }))
    },
    close: () => link.close(),
  }
}
