import type { Benchmark } from './benchmark.ts'
import { clusterNodes } from './cluster-stage.ts'
import type { ClusterCalls } from './peers/cluster-process.ts'
import type { Child } from './process/child.ts'
import { figuresInTurn, median, medianRatio } from './rounds.ts'
import { Stage } from './stage.ts'

const GATEWAYS = 4
const SPREADS = [1, 2, 4] as const
type Spread = (typeof SPREADS)[number]
const SOCKETS_EACH = 500
const ENTRIES = 80
const WARM_ENTRIES = 50
const ROUNDS = 11
const OPENED_PER_SECOND = 900

const CPU_MAX = 1.1

/**
 * Whether a room over more gateways costs more than its sockets. There are as many gateways, sockets and entries each time, so
 * that the machine is as busy: in four rooms of one gateway each, in two of two, and in one of four.
 */
export const gateways: Benchmark = {
  name: 'gateways',
  what: `rooms over 1, 2 and 4 gateways, ${SOCKETS_EACH} sockets on each of four gateways: CPU time of the gateways for each delivery, over 4 and over 1`,
  bar: `messages over the bus for each batch = gateways with that room; ≤ ${CPU_MAX} × one gateway`,
  unit: 'µs',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const { gateways: all } = await clusterNodes(stage, context, GATEWAYS)
    const load = await stage.load()
    const say = async (spread: Spread, entries: number) => {
      await Promise.all(roomsOver(spread).map((name) => load.call('oneByOne', { name, entries })))
    }
    for (const spread of SPREADS) {
      for (const [room, name] of roomsOver(spread).entries()) {
        const own = all.slice(room * spread, (room + 1) * spread)
        const ports = await Promise.all(own.map((gateway) => gateway.call('port')))
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
      }
      await say(spread, WARM_ENTRIES)
      context.progress(`${SOCKETS_EACH * GATEWAYS} sockets are in, in rooms over ${spread}`)
    }
    const messages = new Map<number, number>()
    const each = (spread: Spread) => async () => {
      const before = await total(all)
      await say(spread, ENTRIES)
      const after = await total(all)
      messages.set(spread, (after.batches - before.batches) / (ENTRIES * roomsOver(spread).length))
      return (after.cpuUs - before.cpuUs) / (ENTRIES * SOCKETS_EACH * GATEWAYS)
    }
    const sides = { over1: each(1), over2: each(2), over4: each(4) }
    const { over1, over2, over4 } = await figuresInTurn(ROUNDS, sides, context.progress)
    const [over1Messages = 0, over2Messages = 0, over4Messages = 0] = SPREADS.map((spread) => messages.get(spread) ?? 0)
    return {
      sides: [
        { name: 'over 4', value: median(over4) },
        { name: 'over 1', value: median(over1) },
        { name: 'over 2', value: median(over2) },
      ],
      held: [
        { name: 'of one gateway, over 4', value: medianRatio(over4, over1), atMost: CPU_MAX, ratio: true },
        { name: 'of one gateway, over 2', value: medianRatio(over2, over1), atMost: CPU_MAX, ratio: true },
        { name: 'messages for each batch over 1', value: over1Messages, atMost: 1, atLeast: 1, ratio: false },
        { name: 'messages for each batch over 2', value: over2Messages, atMost: 2, atLeast: 2, ratio: false },
        { name: 'messages for each batch over 4', value: over4Messages, atMost: 4, atLeast: 4, ratio: false },
      ],
      rounds: ROUNDS,
      figures: { socketsEach: SOCKETS_EACH },
    }
  },
}

/** So that each gateway has one of them. */
const roomsOver = (spread: Spread) => Array.from({ length: GATEWAYS / spread }, (_, room) => `over${spread}-${room}`)

async function total(all: readonly Child<ClusterCalls>[]): Promise<{ cpuUs: number; batches: number }> {
  const each = await Promise.all(
    all.map(async (gateway) => ({ ...(await gateway.call('usage')), ...(await gateway.call('heard')) })),
  )
  const sum = (of: (one: (typeof each)[number]) => number) => each.reduce((so, one) => so + of(one), 0)
  return { cpuUs: sum(({ cpuUs }) => cpuUs), batches: sum(({ batches }) => batches) }
}
