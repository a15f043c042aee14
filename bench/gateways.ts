import type { Benchmark } from './benchmark.ts'
import { clusterNodes } from './cluster-stage.ts'
import type { ClusterCalls } from './peers/cluster-process.ts'
import type { Child } from './process/child.ts'
import { inTurn } from './rounds.ts'
import { Stage } from './stage.ts'

const SPREADS = [1, 2, 4] as const
const SOCKETS_EACH = 500
const ENTRIES = 80
const WARM_ENTRIES = 50
const ROUNDS = 5
const OPENED_PER_SECOND = 900

const CPU_MAX = 1.1

/** Whether more gateways cost more than the sockets that they carry. */
export const gateways: Benchmark = {
  name: 'gateways',
  what: `one room over 1, 2 and 4 gateways with ${SOCKETS_EACH} sockets each: CPU time of the gateways for each delivery, over 4 and over 1`,
  bar: `messages over the bus for each batch = gateways with that room; ≤ ${CPU_MAX} × one gateway`,
  unit: 'µs',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const { gateways: all } = await clusterNodes(stage, context, Math.max(...SPREADS))
    const load = await stage.load()
    for (const spread of SPREADS) {
      const name = `over${spread}`
      const ports = await Promise.all(all.slice(0, spread).map((gateway) => gateway.call('port')))
      const count = SOCKETS_EACH * spread
      const tickets = (await all[0]?.call('tickets', { from: 0, count })) ?? []
      await load.call('open', {
        name,
        dialect: 'plenary',
        room: name,
        ports,
        count,
        perSecond: OPENED_PER_SECOND,
        tickets,
      })
      await load.call('oneByOne', { name, entries: WARM_ENTRIES })
      context.progress(`${count} sockets are in over ${spread}`)
    }
    const messages = new Map<number, number>()
    const each = (spread: (typeof SPREADS)[number]) => async () => {
      const before = await total(all)
      await load.call('oneByOne', { name: `over${spread}`, entries: ENTRIES })
      const after = await total(all)
      messages.set(spread, (after.batches - before.batches) / ENTRIES)
      return (after.cpuUs - before.cpuUs) / (ENTRIES * SOCKETS_EACH * spread)
    }
    const sides = { over1: each(1), over2: each(2), over4: each(4) }
    const { over1, over2, over4 } = await inTurn(ROUNDS, sides, context.progress)
    const [over1Messages = 0, over2Messages = 0, over4Messages = 0] = SPREADS.map((spread) => messages.get(spread) ?? 0)
    return {
      sides: [
        { name: 'over 4', value: over4 },
        { name: 'over 1', value: over1 },
        { name: 'over 2', value: over2 },
      ],
      held: [
        { name: 'of one gateway, over 4', value: over4 / over1, atMost: CPU_MAX, ratio: true },
        { name: 'of one gateway, over 2', value: over2 / over1, atMost: CPU_MAX, ratio: true },
        { name: 'messages for each batch over 1', value: over1Messages, atMost: 1, atLeast: 1, ratio: false },
        { name: 'messages for each batch over 2', value: over2Messages, atMost: 2, atLeast: 2, ratio: false },
        { name: 'messages for each batch over 4', value: over4Messages, atMost: 4, atLeast: 4, ratio: false },
      ],
      rounds: ROUNDS,
      figures: { socketsEach: SOCKETS_EACH },
    }
  },
}

async function total(all: readonly Child<ClusterCalls>[]): Promise<{ cpuUs: number; batches: number }> {
  const each = await Promise.all(
    all.map(async (gateway) => ({ ...(await gateway.call('usage')), ...(await gateway.call('heard')) })),
  )
  const sum = (of: (one: (typeof each)[number]) => number) => each.reduce((so, one) => so + of(one), 0)
  return { cpuUs: sum(({ cpuUs }) => cpuUs), batches: sum(({ batches }) => batches) }
}
