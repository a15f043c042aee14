import type { Benchmark } from './benchmark.ts'
import { inTurn } from './rounds.ts'
import { cpuUsOf, Stage, type Server } from './stage.ts'

const CONNECTIONS = 2_000
const QUICK_CONNECTIONS = 800
/** Before anything is counted: until so many have come, some of the time is the compiler's, once in the life of a server. */
const WARM = 10_000
const QUICK_WARM = 3_000
const ROUNDS = 5
/** Below what a gateway of ours lets in, for both sides: CPU time counts, not how fast they come. */
const OPENED_PER_SECOND = 900

const TIMES_MIN = 2

/** What it takes to let somebody in. */
export const connect: Benchmark = {
  name: 'connect',
  what: 'handshake (ours with a signed ticket), join of a room (ours with its first view): for each CPU second of the server',
  bar: `≥ ${TIMES_MIN} × Socket.IO's handshake and room join`,
  unit: 'per CPU second',
  better: 'more',
  quick: true,
  async run(context) {
    await using stage = new Stage(context)
    const load = await stage.load()
    const servers: Record<'ours' | 'socketio' | 'limit', Server> = {
      ours: await stage.plenary(),
      socketio: await stage.socketio(),
      limit: await stage.limitOfConnect(),
    }
    const count = context.quick ? QUICK_CONNECTIONS : CONNECTIONS
    const enter = async (name: keyof typeof servers, some: number) => {
      const server = servers[name]
      const { dialect, ports } = server
      const tickets = await server.tickets(0, some)
      const open = { name, dialect, ports, count: some, perSecond: OPENED_PER_SECOND, tickets }
      const cpuUs = await cpuUsOf(server, () => load.call('open', open))
      await load.call('drop', { name })
      return (some * 1_000_000) / cpuUs
    }
    const each = (name: keyof typeof servers, some: number) => () => enter(name, some)
    const warm = context.quick ? QUICK_WARM : WARM
    const first = { ours: each('ours', warm), socketio: each('socketio', warm), limit: each('limit', warm) }
    await inTurn(1, first, () => undefined)
    const sides = { ours: each('ours', count), socketio: each('socketio', count), limit: each('limit', count) }
    const { ours, socketio, limit } = await inTurn(ROUNDS, sides, context.progress)
    return {
      sides: [
        { name: 'Plenary', value: ours },
        { name: 'Socket.IO', value: socketio },
        { name: 'limit', value: limit },
      ],
      held: [{ name: 'times Socket.IO', value: ours / socketio, atLeast: TIMES_MIN, ratio: true }],
      rounds: ROUNDS,
      figures: { connections: count },
    }
  },
}
