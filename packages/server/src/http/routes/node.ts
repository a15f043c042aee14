import { PlenaryError, api } from '@plenary/kinds'
import { z } from 'zod'
import { reachableUrls } from '../../ops/listen.ts'
import { VERSION } from '../../version.ts'
import { route } from '../route.ts'

const nothing = z.strictObject({})
const ok = z.object({ ok: z.literal(true) })

const nodeAnswer = z.object({
  node: z.string(),
  zone: z.string(),
  roles: z.array(z.string()),
  state: z.enum(['starting', 'ready', 'draining']),
  /** Sockets now. */
  connections: z.number(),
  /** Slots of rooms that it owns now. */
  shards: z.array(z.number()),
})

/** What this server is and how it does. */
export const nodeRoutes = [
  route({
    method: 'get',
    path: '/api/config',
    name: 'getConfig',
    summary: 'What clients should know of this server.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: z.undefined(),
    answer: api.configAnswer,
    status: 200,
    failures: [],
    handle: async ({ config, nodeId, accounts }) => ({
      version: VERSION,
      node: nodeId,
      zone: config.zone,
      reachableAt:
        config.publicUrl === undefined ? reachableUrls(config.host, config.port).slice(1) : [config.publicUrl],
      accounts: accounts.ways,
    }),
  }),
  route({
    method: 'get',
    path: '/api/cluster',
    name: 'getNode',
    summary: 'What this node does and how much of it.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: z.undefined(),
    answer: nodeAnswer,
    status: 200,
    failures: [],
    handle: async ({ config, nodeId, node }) => ({
      node: nodeId,
      zone: config.zone,
      roles: config.roles,
      state: node.state,
      connections: node.connections,
      shards: [...node.shards],
    }),
  }),
  route({
    method: 'get',
    path: '/healthz',
    name: 'healthz',
    summary: 'The process is alive.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: z.undefined(),
    answer: ok,
    status: 200,
    failures: [],
    handle: async () => ({ ok: true as const }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    name: 'readyz',
    summary: 'The node takes work.',
    credential: 'none',
    params: nothing,
    query: nothing,
    body: z.undefined(),
    answer: ok,
    status: 200,
    failures: ['unavailable'],
    async handle({ node, storeAnswers }) {
      if (!node.ready || !(await storeAnswers())) throw new PlenaryError('unavailable', 'This node takes no work now.')
      return { ok: true as const }
    },
  }),
]
