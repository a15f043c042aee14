import type { Benchmark } from './benchmark.ts'
import { clusterNodes } from './cluster-stage.ts'
import { Stage } from './stage.ts'

const SOCKETS = 10_000
const BACK_MS_MAX = 30_000
const OWNER_REQUESTS_MAX = 100
const OPENED_PER_SECOND = 900
/** Looked at for so long; who is not back by then never comes. */
const WAIT_MS = 90_000

/** Everyone of a gateway that is killed comes back to another one, which has had none of them before. */
export const storm: Benchmark = {
  name: 'storm',
  what: `${SOCKETS} sockets of a killed gateway come back: until 99 % are in their room again`,
  bar: `99 % ≤ ${BACK_MS_MAX / 1_000} s; 0 SQL for each client; ≤ ${OWNER_REQUESTS_MAX} requests to owners`,
  unit: 's',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const { owner, gateways } = await clusterNodes(stage, context, 2)
    const [killed, other] = gateways
    if (killed === undefined || other === undefined) throw new Error('There are two gateways.')
    const load = await stage.load()
    const tickets = await killed.call('tickets', { from: 0, count: SOCKETS })
    await load.call('gather', { port: await killed.call('port'), tickets, perSecond: OPENED_PER_SECOND })
    context.progress(`${SOCKETS} sockets are in`)
    const before = await owner.call('heard')
    const othersBefore = await other.call('heard')
    await load.call('sendTo', await other.call('port'))
    await killed.kill()
    const { back, p50Ms, p99Ms, sentAway } = await load.call('returned', WAIT_MS)
    const after = await owner.call('heard')
    const lookUps = after.lookUps - before.lookUps + (await other.call('heard')).lookUps - othersBefore.lookUps
    context.progress(`${back} are back`)
    return {
      sides: [{ name: 'Plenary', value: p99Ms / 1_000 }],
      held: [
        { name: 'ms until 99 % are back', value: p99Ms, atMost: BACK_MS_MAX, ratio: false },
        { name: 'requests to owners', value: after.asked - before.asked, atMost: OWNER_REQUESTS_MAX, ratio: false },
        { name: 'look-ups in the directory for each client', value: lookUps / SOCKETS, atMost: 0, ratio: false },
      ],
      rounds: 1,
      figures: { sockets: SOCKETS, back, p50Ms, sentAway },
    }
  },
}
