import { setTimeout as sleep } from 'node:timers/promises'
import type { Benchmark } from './benchmark.ts'
import { figuresInTurn, median, medianRatio } from './rounds.ts'
import { cpuUsOf, Stage, type Server } from './stage.ts'

/** Few, so that all sides have their turn within seconds: the machine gives twice as much in one as in another. */
const CONNECTIONS = 500
/** Before anything is counted: until so many have come, much of the time is the compiler's, once in the life of a server. */
const WARM_ROUNDS = 20
const QUICK_WARM_ROUNDS = 8
const ROUNDS = 151
const QUICK_ROUNDS = 41
/**
 * Faster than any side lets them in, so that its core is busy: a server that sleeps between two of them is measured waking up, which costs
 * more than all that it does for them.
 */
const OPENED_PER_SECOND = 20_000
/** Before each side's turn. A gateway lets in a thousand a second in the long run, and has two turns of others between its own. */
const REST_MS = 150

const TIMES_MIN = 2

/** What it takes to let somebody in. */
export const connect: Benchmark = {
  name: 'connect',
  what: `${CONNECTIONS.toLocaleString('en')} at once, each with handshake (ours with a signed ticket) and join of a room (ours with its first view): for each CPU second of the server`,
  bar: `≥ ${TIMES_MIN} × Socket.IO's handshake and room join`,
  unit: 'per CPU second',
  better: 'more',
  quick: true,
  async run(context) {
    await using stage = new Stage(context)
    const load = await stage.load()
    const servers: Record<'ours' | 'socketio' | 'socketioAtOnce' | 'limit', Server> = {
      ours: await stage.plenary(),
      socketio: await stage.socketio(),
      socketioAtOnce: await stage.socketioAtOnce(),
      limit: await stage.limitOfConnect(),
    }
    // Nobody is kept out for having come before, and they live longer than this.
    const tickets = await servers.ours.tickets(0, CONNECTIONS)
    const enter = async (name: keyof typeof servers) => {
      const server = servers[name]
      const { dialect, ports } = server
      await sleep(REST_MS)
      const open = { name, dialect, ports, count: CONNECTIONS, perSecond: OPENED_PER_SECOND, tickets }
      const cpuUs = await cpuUsOf(server, () => load.call('open', open))
      await load.call('drop', { name })
      return (CONNECTIONS * 1_000_000) / cpuUs
    }
    const sides = {
      ours: () => enter('ours'),
      socketio: () => enter('socketio'),
      socketioAtOnce: () => enter('socketioAtOnce'),
      limit: () => enter('limit'),
    }
    await figuresInTurn(context.quick ? QUICK_WARM_ROUNDS : WARM_ROUNDS, sides, () => undefined)
    const rounds = context.quick ? QUICK_ROUNDS : ROUNDS
    const { ours, socketio, socketioAtOnce, limit } = await figuresInTurn(rounds, sides, context.progress)
    return {
      sides: [
        { name: 'Plenary', value: median(ours) },
        { name: 'Socket.IO', value: median(socketio) },
        { name: 'Socket.IO, told the room with the handshake', value: median(socketioAtOnce) },
        { name: 'limit', value: median(limit) },
      ],
      held: [{ name: 'times Socket.IO', value: medianRatio(ours, socketio), atLeast: TIMES_MIN, ratio: true }],
      rounds,
      figures: {
        connections: CONNECTIONS,
        timesSocketioAtOnce: medianRatio(ours, socketioAtOnce),
        ofTheLimit: medianRatio(ours, limit),
      },
    }
  },
}
