import type { BenchContext, Benchmark, Held } from './benchmark.ts'
import { inTurn, median } from './rounds.ts'
import { Stage, type Server } from './stage.ts'

const CONNECTIONS = 10_000
const QUICK_CONNECTIONS = 3_000
/** Connected before the first look: what a server makes once, such as the room for its garbage, is not put down to connections. */
const FIRST = 1_000
const ROUNDS = 5
const QUICK_ROUNDS = 1
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
    const heap = { ours: [] as number[], socketio: [] as number[], ws: [] as number[] }
    const measure = (name: keyof typeof heap, start: (stage: Stage) => Promise<Server>) => async () => {
      const each = await bytesEach(context, start, connections)
      heap[name].push(each.heap)
      return context.quick ? each.heap : each.resident
    }
    const sides = {
      ours: measure('ours', (stage) => stage.plenary()),
      socketio: measure('socketio', (stage) => stage.socketio()),
      ws: measure('ws', (stage) => stage.ws()),
    }
    const { ours, socketio, ws } = await inTurn(rounds, sides, context.progress)
    const onHeap: Held = {
      name: "of Socket.IO on V8's heap",
      value: median(heap.ours) / median(heap.socketio),
      atMost: SOCKETIO_MAX,
      ratio: true,
    }
    // Of few connections the resident memory is as much the heap's room to grow; what is on the heap is theirs at any number.
    const resident: [Held, ...Held[]] = [
      { name: 'of Socket.IO', value: ours / socketio, atMost: SOCKETIO_MAX, ratio: true },
      { name: 'bytes for each connection', value: ours, atMost: BYTES_MAX, ratio: false },
      onHeap,
    ]
    return {
      sides: [
        { name: 'Plenary', value: ours },
        { name: 'Socket.IO', value: socketio },
        { name: 'ws', value: ws },
      ],
      held: context.quick ? [onHeap] : resident,
      rounds,
      figures: { connections, measured: context.quick ? 'on the heap' : 'resident' },
    }
  },
}

/** A process of its own each time: memory that was used once does not all come back. */
async function bytesEach(
  context: BenchContext,
  start: (stage: Stage) => Promise<Server>,
  connections: number,
): Promise<{ resident: number; heap: number }> {
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
  const each = (total: number) => total / (connections - FIRST)
  return { resident: each(after.rssBytes - before.rssBytes), heap: each(after.heapBytes - before.heapBytes) }
}
