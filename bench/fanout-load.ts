import type { Benchmark } from './benchmark.ts'
import { borne, capacity } from './capacity.ts'
import { redisFor } from './engines.ts'
import { inTurn } from './rounds.ts'
import { Stage, type Server } from './stage.ts'

const SOCKETS = 1_000
const PUBLISHERS = 50
const P99_MS_MAX = 250
const ROUNDS = 5
const OPENED_PER_SECOND = 900
const OFFER_MS = 2_500
const WARM_MS = 500
/** Entries a second. */
const LEAST = 2
const FIRST_GUESS = { ours: 1_000, socketio: 20 }
/** A later round begins a little below what the one before it came to. */
const BELOW = 0.7

const TIMES_MIN = 20

/** How much a room can take before people wait. */
export const fanoutLoad: Benchmark = {
  name: 'fanout-load',
  what: `${SOCKETS} sockets, ${PUBLISHERS} publishers, every entry acknowledged, load raised until p99 of delivery passes ${P99_MS_MAX} ms: deliveries`,
  bar: `≥ ${TIMES_MIN} × Socket.IO with the Redis adapter (two servers)`,
  unit: 'per second',
  better: 'more',
  // One search goes in steps of a tenth, on either side, and by the clock; enough of them take minutes.
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const redis = await redisFor(stage)
    const load = await stage.load()
    const servers: Record<'ours' | 'socketio', Server> = {
      ours: await stage.plenary(),
      socketio: await stage.socketio({ redisPort: redis.port }, 2),
    }
    for (const [name, server] of Object.entries(servers)) {
      const { dialect, ports } = server
      const tickets = await server.tickets(0, SOCKETS)
      await load.call('open', { name, dialect, ports, count: SOCKETS, perSecond: OPENED_PER_SECOND, tickets })
      await load.call('oneByOne', { name, entries: 20 })
    }
    const guess: Record<keyof typeof servers, number> = { ...FIRST_GUESS }
    const p50Ms: Record<keyof typeof servers, number> = { ours: 0, socketio: 0 }
    const most = (name: keyof typeof servers) => async () => {
      const perSecond = await capacity(guess[name], LEAST, async (rate) => {
        const offer = { name, perSecond: rate, publishers: PUBLISHERS, forMs: OFFER_MS, warmMs: WARM_MS }
        const offered = await load.call('offer', offer)
        const holds = borne(offered, P99_MS_MAX)
        if (holds) p50Ms[name] = offered.p50Ms
        const { p99Ms, loadCpuShare } = offered
        const load99 = `${Math.round(rate)}/s: p99 ${Math.round(p99Ms)} ms`
        context.progress(`${name} ${load99}, load generator ${Math.round(loadCpuShare * 100)} % of a core`)
        return holds
      })
      guess[name] = perSecond * BELOW
      return perSecond * SOCKETS
    }
    const sides = { ours: most('ours'), socketio: most('socketio') }
    const { ours, socketio } = await inTurn(ROUNDS, sides, context.progress)
    return {
      sides: [
        { name: 'Plenary', value: ours },
        { name: 'Socket.IO, Redis', value: socketio },
      ],
      held: [{ name: 'times Socket.IO', value: ours / socketio, atLeast: TIMES_MIN, ratio: true }],
      rounds: ROUNDS,
      figures: { sockets: SOCKETS, publishers: PUBLISHERS, p50Ms: p50Ms.ours, peerP50Ms: p50Ms.socketio },
    }
  },
}
