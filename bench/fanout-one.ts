import { chat } from '@plenary/kinds'
import type { Benchmark } from './benchmark.ts'
import { ROOM, TEXT } from './load/dialect.ts'
import { inTurn } from './rounds.ts'
import { cpuUsOf, Stage, type Server } from './stage.ts'

/** As many in the short run: what an entry costs once is shared out among them. */
const SOCKETS = 1_000
const ROUNDS = 5
const ENTRIES = 200
const QUICK_ENTRIES = 80
/** Before anything is counted. */
const WARM_ENTRIES = 100
const OPENED_PER_SECOND = 900

const LIMIT_MAX = 1.35
const SOCKETIO_MAX = 0.65

/** A batch with one entry, as clients get it. */
const PACKET = `42${JSON.stringify([
  'batch',
  {
    room: ROOM,
    after: 1_000,
    through: 1_001,
    entries: [
      {
        seq: 1_001,
        at: 1_700_000_000_000,
        by: { id: 'user-100', name: 'Person 100', role: 'attendee' },
        type: 'post',
        body: { text: TEXT },
        id: '00000000-0000-4000-8000-000000000000',
      },
    ],
  },
])}`

/** The limit's message is as long. */
const LIMIT_HEAD = '{"seq":1000000,"text":"'
const LIMIT_TEXT = `${LIMIT_HEAD.padEnd(Buffer.byteLength(PACKET) - 2, 'x')}"}`

/** What one delivery costs the server when nothing can be batched. */
export const fanoutOne: Benchmark = {
  name: 'fanout-one',
  what: `${SOCKETS} sockets in one room (${chat.name}), one entry at a time: CPU time of the server for each delivery`,
  bar: `≤ ${LIMIT_MAX} × limit; ≤ ${SOCKETIO_MAX} × Socket.IO`,
  unit: 'µs',
  better: 'less',
  quick: true,
  async run(context) {
    await using stage = new Stage(context)
    const load = await stage.load()
    const servers: Record<string, Server> = {
      ours: await stage.plenary(),
      socketio: await stage.socketio(),
      limit: await stage.limit({ text: LIMIT_TEXT }),
      ws: await stage.ws(),
    }
    const inC = await stage.limitInC(LIMIT_TEXT)
    if (inC === null) context.progress('no C compiler here: the limit is that of Node alone')
    else servers['limit in C'] = inC
    const entries = context.quick ? QUICK_ENTRIES : ENTRIES
    for (const [name, server] of Object.entries(servers)) {
      const { dialect, ports } = server
      const tickets = await server.tickets(0, SOCKETS)
      await load.call('open', { name, dialect, ports, count: SOCKETS, perSecond: OPENED_PER_SECOND, tickets })
      await load.call('oneByOne', { name, entries: WARM_ENTRIES })
      context.progress(`${name}: ${SOCKETS} sockets are in`)
    }
    const each = Object.entries(servers).map(([name, server]) => {
      const oneByOne = () => cpuUsOf(server, () => load.call('oneByOne', { name, entries }))
      return [name, async () => (await oneByOne()) / (entries * SOCKETS)] as const
    })
    const {
      ours = NaN,
      socketio = NaN,
      limit = NaN,
      ...others
    } = await inTurn(ROUNDS, Object.fromEntries(each), context.progress)
    return {
      sides: [
        { name: 'Plenary', value: ours },
        { name: 'Socket.IO', value: socketio },
        { name: 'limit', value: limit },
        ...Object.entries(others).map(([name, value]) => ({ name, value })),
      ],
      held: [
        { name: 'of Socket.IO', value: ours / socketio, atMost: SOCKETIO_MAX, ratio: true },
        { name: 'of the limit', value: ours / limit, atMost: LIMIT_MAX, ratio: true },
      ],
      rounds: ROUNDS,
      figures: { entries, sockets: SOCKETS },
    }
  },
}
