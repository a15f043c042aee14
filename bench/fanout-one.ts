import { chat } from '@plenary/kinds'
import type { Benchmark } from './benchmark.ts'
import { ROOM, TEXT } from './load/dialect.ts'
import { figuresInTurn, median, medianRatio } from './rounds.ts'
import { cpuUsSince, Stage, type Server } from './stage.ts'

/** As many in the short run: what an entry costs once is shared out among them. */
const SOCKETS = 1_000
/**
 * The machine is faster and slower from second to second, and one round takes about that long: short enough for its sides to be measured on the same machine,
 * long enough for what a server does every second to be in each.
 */
const ROUNDS = 25
const QUICK_ROUNDS = 10
const ROUNDS_TOLD = 5
const ENTRIES = 40
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
    for (const [name, server] of Object.entries(servers)) {
      const { dialect, ports } = server
      const tickets = await server.tickets(0, SOCKETS)
      await load.call('open', { name, dialect, ports, count: SOCKETS, perSecond: OPENED_PER_SECOND, tickets })
      await load.call('oneByOne', { name, entries: WARM_ENTRIES })
      context.progress(`${name}: ${SOCKETS} sockets are in`)
    }
    const each: Record<string, () => Promise<number>> = {}
    for (const [name, server] of Object.entries(servers)) {
      const cpuUs = await cpuUsSince(server)
      each[name] = async () =>
        (await cpuUs(() => load.call('oneByOne', { name, entries: ENTRIES }))) / (ENTRIES * SOCKETS)
    }
    const rounds = context.quick ? QUICK_ROUNDS : ROUNDS
    let done = 0
    await servers['ours']?.startProfile()
    const {
      ours = [],
      socketio = [],
      limit = [],
      ...others
    } = await figuresInTurn(rounds, each, (line) => {
      if (++done % ROUNDS_TOLD === 0) context.progress(line)
    })
    await servers['ours']?.stopProfile()
    return {
      sides: [
        { name: 'Plenary', value: median(ours) },
        { name: 'Socket.IO', value: median(socketio) },
        { name: 'limit', value: median(limit) },
        ...Object.entries(others).map(([name, figures]) => ({ name, value: median(figures) })),
      ],
      held: [
        { name: 'of Socket.IO', value: medianRatio(ours, socketio), atMost: SOCKETIO_MAX, ratio: true },
        { name: 'of the limit', value: medianRatio(ours, limit), atMost: LIMIT_MAX, ratio: true },
      ],
      rounds,
      figures: {
        entries: ENTRIES,
        sockets: SOCKETS,
        // Of all that was used together: what comes up in a few rounds alone is in it, the machine's own pauses are too.
        ofSocketioTogether: sum(ours) / sum(socketio),
        ofTheLimitTogether: sum(ours) / sum(limit),
      },
    }
  },
}

const sum = (figures: readonly number[]) => figures.reduce((a, b) => a + b, 0)
