/** A shard that nobody owns. */
export interface FreeShard {
  shard: number
  /** The node that is to have it. */
  wanted: string | null
  /** For so long it has been free, as far as this node has seen; below zero when it was tried for just now. */
  freeForMs: number
}

export interface ShareQuestion {
  me: string
  /** Nodes of the zone that live and take shards, this one among them. */
  nodes: readonly string[]
  shards: number
  /** How many this node has or is about to have. */
  held: number
  free: readonly FreeShard[]
  /** So long this node waits for a shard that another one should take, at random so that two do not wait alike. */
  patienceMs: number
}

/** After so long anyone takes a shard that another one is to have: whoever should have done so does not. */
const FREE_FOR_ALL_MS = 1_000
/**
 * And after so long one that is nobody's in particular, whatever its own share. Short: of several nodes that die together the later
 * ones still count for a while, and their share would be left lying. What becomes uneven by it the balancer evens out.
 */
export const OVER_SHARE_MS = 250

/**
 * Which free shards a node claims now, and in how many milliseconds there may be more. A shard that is wanted goes to the node that
 * is to have it. Of the others each has one node that comes first (rendezvous hashing), so that many nodes do not try for one
 * shard; the others follow a moment later. No node goes over its fair share until others have had their time.
 */
export function claimsNow(question: ShareQuestion): { claim: number[]; againInMs: number | null } {
  const { me, nodes, shards, free, patienceMs } = question
  const share = Math.ceil(shards / Math.max(1, nodes.length))
  let room = share - question.held
  const claim: number[] = []
  let againInMs = Infinity
  const mineFirst = free.map((each) => ({ ...each, turn: turnOf(each, me, nodes) })).toSorted((a, b) => a.turn - b.turn)
  for (const { shard, wanted, turn, freeForMs } of mineFirst) {
    const due = turn === 0 ? 0 : turn === 1 ? patienceMs : FREE_FOR_ALL_MS + patienceMs
    const isHeir = wanted === me
    const waitMs = (room > 0 || isHeir ? due : Math.max(due, OVER_SHARE_MS + patienceMs)) - freeForMs
    if (waitMs > 0) {
      againInMs = Math.min(againInMs, waitMs)
      continue
    }
    claim.push(shard)
    room--
  }
  return { claim, againInMs: againInMs === Infinity ? null : againInMs }
}

/** 0: at once; 1: after a moment; 2: only when it is left lying. */
function turnOf({ shard, wanted }: FreeShard, me: string, nodes: readonly string[]): number {
  if (wanted === me) return 0
  if (wanted !== null && nodes.includes(wanted)) return 2
  return firstFor(shard, nodes) === me ? 0 : 1
}

/** The node that comes first for a shard: the highest hash of the two. */
function firstFor(shard: number, nodes: readonly string[]): string | undefined {
  return nodes.toSorted((a, b) => weight(b, shard) - weight(a, shard) || (a < b ? -1 : 1))[0]
}

function weight(node: string, shard: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(shard + 1, 0x9e3779b1)
  for (let at = 0; at < node.length; at++) hash = Math.imul(hash ^ node.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Who gets each of these shards when their owner leaves: the nodes with the fewest. Empty where no node is left. */
export function heirsOf(leaving: readonly number[], counts: ReadonlyMap<string, number>): Map<number, string> {
  const now = new Map(counts)
  const heirs = new Map<number, string>()
  for (const shard of leaving) {
    const [least] = [...now].toSorted(([, a], [, b]) => a - b)
    if (least === undefined) break
    heirs.set(shard, least[0])
    now.set(least[0], least[1] + 1)
  }
  return heirs
}
