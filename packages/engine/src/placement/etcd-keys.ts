import { z } from 'zod'

/** What stands in etcd under `/plenary`, in JSON. */
export const ROOT = '/plenary'

/** A node that lives; the key hangs on its lease. */
const nodeRecord = z.object({
  zone: z.string(),
  /** It is letting go and takes nothing more. */
  draining: z.boolean().default(false),
})
export type NodeRecord = z.output<typeof nodeRecord>

/** A shard. Not under a lease, so that its epoch only ever rises; it is owned while the owner's node key hangs on `lease`. */
const shardRecord = z.object({
  owner: z.object({ node: z.string(), lease: z.string() }).nullable(),
  epoch: z.number().int().min(0),
  /** The node that is to have it next. */
  wanted: z.string().nullable(),
})
export type ShardRecord = z.output<typeof shardRecord>

/** What a node's shards cost, in points a second, by shard; the key hangs on the node's lease. */
const costRecord = z.record(z.string(), z.number().min(0))
export type CostRecord = z.output<typeof costRecord>

/** Where the keys lie. A zone's or node's name carries no slash. */
export interface Keys {
  nodes: string
  shards(zone: string): string
  costs(zone: string): string
  leader(office: string): string
}

/** The keys under a root of their own. */
export function keysUnder(root: string): Keys {
  return {
    nodes: `${root}/nodes/`,
    shards: (zone) => `${root}/shards/${zone}/`,
    costs: (zone) => `${root}/costs/${zone}/`,
    leader: (office) => `${root}/leaders/${office}`,
  }
}

export const parseNode = parser(nodeRecord)
export const parseShard = parser(shardRecord)
export const parseCosts = parser(costRecord)

function parser<T extends z.ZodType>(schema: T): (text: string) => z.output<T> | null {
  return (text) => {
    try {
      return schema.safeParse(JSON.parse(text)).data ?? null
    } catch {
      return null
    }
  }
}
