import type { BenchContext, Benchmark } from './benchmark.ts'
import { inTurn } from './rounds.ts'
import { Stage, type Server } from './stage.ts'

const CONNECTIONS = 10_000
const QUICK_CONNECTIONS = 4_000
/** Connected before the first look: what a server makes once, such as the room for its garbage, is not put down to connections. */
const FIRST = 1_000
const ROUNDS = 5
const QUICK_ROUNDS = 2
/** Below what a gateway of ours lets in, for all sides. */
const OPENED_PER_SECOND = 900

const BYTES_MAX = 10 * 1024
const SOCKETIO_MAX = 0.6

/** What a connection that only listens keeps resident. */
export const idle: Benchmark = {
  name: 'idle',
  what: `${CONNECTIONS} connections, each in one room and silent: resident memory of the server for each`,
  bar: `≤ ${BYTES_MAX / 1024} KiB; ≤ ${SOCKETIO_MAX} × Socket.IO`,
  unit: 'bytes',
  better: 'less',
  quick: true,
  async run(context) {
    const connections = context.quick ? QUICK_CONNECTIONS : CONNECTIONS
    const rounds = context.quick ? QUICK_ROUNDS : ROUNDS
    const measure = (start: (stage: Stage) => Promise<Server>) => () => bytesEach(context, start, connections)
    const sides = {
      ours: measure((stage) => stage.plenary()),
      socketio: measure((stage) => stage.socketio()),
      ws: measure((stage) => stage.ws()),
    }
    const { ours, socketio, ws } = await inTurn(rounds, sides, context.progress)
    return {
      sides: [
        { name: 'Plenary', value: ours },
        { name: 'Socket.IO', value: socketio },
        { name: 'ws', value: ws },
      ],
      held: [
        { name: 'of Socket.IO', value: ours / socketio, atMost: SOCKETIO_MAX, ratio: true },
        { name: 'bytes for each connection', value: ours, atMost: BYTES_MAX, ratio: false },
      ],
      rounds,
      figures: { connections },
    }
  },
}

/** A process of its own each time: memory that was used once does not all come back. */
async function bytesEach(
  context: BenchContext,
  start: (stage: Stage) => Promise<Server>,
  connections: number,
): Promise<number> {
  await using stage = new Stage(context)
  const load = await stage.load()
  const server = await start(stage)
  const { dialect, ports } = server
  const tickets = await server.tickets(0, connections)
  const open = (from: number, to: number) =>
    load.call('open', {
      name: 'idle',
      dialect,
      ports,
      count: to - from,
      perSecond: OPENED_PER_SECOND,
      tickets: tickets.slice(from, to),
    })
  await open(0, FIRST)
  const before = await server.settledUsage()
  await open(FIRST, connections)
  const after = await server.settledUsage()
  return (after.rssBytes - before.rssBytes) / (connections - FIRST)
}
