import { setTimeout as wait } from 'node:timers/promises'
import { createClient, memoryStorage } from '../../../packages/client/src/index.ts'
import { eventually, RunningCluster } from '../../../scripts/cluster/running.ts'
import { Bars, quantile } from '../bars.ts'
import { machineMs, markedText } from '../light/book.ts'
import { LightCrowd } from '../light/crowd.ts'
import { Latencies } from '../light/latencies.ts'
import type { CrowdReport } from '../light/orders.ts'
import { metricsOf } from '../metrics.ts'
import { openFilesMax } from '../open-files.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { enterChat, type Speaker } from '../speaker.ts'
import { Transactions } from '../transactions.ts'

const ZONE = 'north'
const STRUCK = 10_000
/** So many more come in, for those whom the registry puts elsewhere. */
const SPARE = 200
const SURVIVORS = 1_400
/** Over the SDK itself, beside the light ones. */
const SDK_CLIENTS = 24
/** In these proportions the registry puts that many on the one that will be lost, and the others can take them afterwards. */
const CAPACITY = { struck: 100_000, other: 6_700 }
const OPEN_FILES_MIN = 13_000
/** Those who come back run behind the servers: thousands of devices have processors of their own. */
const NICENESS = 10
const MESSAGES_PER_SECOND = 2
/** About as long as they take to come back: of as many messages the slowest are as slow by chance. */
const NORMAL_MS = 30_000
/** Looking costs those who are measured. */
const LOOK_MS = 1_000
const SETTLE_MS = 4_000
/** Whoever is to be sent on is within this, */
const STEADY_MS = 10_000
/** and all of them within this. */
const STEADY_MS_MAX = 120_000
/** Of a gateway's sockets, between two looks: some come and go. */
const STEADY_CLIENTS = 3
const RESUMED_SHARE = 0.99
const RESUMED_MS_MAX = 30_000
const ALL_MS_MAX = 60_000
const SURVIVORS_P99_MAX = 3
/** The writer of the log, leases and health checks go on as before; those who come back add next to nothing. */
const STATEMENTS_PER_CLIENT_MAX = 0.02

/** Ten thousand sockets on one gateway of three, which is killed. */
export const gatewayStorm: Row = {
  name: 'gateway-storm',
  title: '10,000 clients lose their gateway at once',
  bar: '99 % resumed ≤ 30 s on two cores, no SQL per client, the survivors’ p99 ≤ 3 × normal',
  quick: false,
  async run({ signal, progress }: RowContext): Promise<RowResult> {
    const bars = new Bars()
    const files = await openFilesMax()
    if (files < OPEN_FILES_MIN) {
      bars.fail(`A process may have ${files} files open here and needs ${OPEN_FILES_MIN}: raise it with ulimit -Hn.`)
      return bars.result
    }
    await using cluster = await RunningCluster.start({ log: 'postgres', zones: [], direct: true, progress })
    // The rooms are not owned there: what becomes of them is another row.
    const gateway = { zone: ZONE, capacity: CAPACITY.other }
    await cluster.add(gateway)
    await cluster.add(gateway)
    const { engines } = await cluster.status()
    await using transactions = await Transactions.of(engines.find(({ name }) => name === 'postgres')?.url ?? '')

    const { event } = await createClient({ url: cluster.url, storage: memoryStorage() }).createEvent({ title: 'Storm' })
    await using people = new People()
    // In processes of their own: what it costs to be thousands who come back is not for those to feel who stay.
    await using staying = new LightCrowd(1)
    await using leaving = new LightCrowd(2, 1, NICENESS)
    const began = performance.now()
    // They come before there is the one that will be lost. Those after them are put there, until it is as full as the others.
    await Promise.all([
      staying.enter(cluster.url, event.code, SURVIVORS),
      people.enter(cluster.url, event.code, SDK_CLIENTS / 2),
    ])
    const struck = await cluster.add({ ...gateway, capacity: CAPACITY.struck, roles: 'gateway,registry' })
    await Promise.all([
      leaving.enter(cluster.url, event.code, STRUCK + SPARE - SDK_CLIENTS),
      people.enter(cluster.url, event.code, SDK_CLIENTS / 2),
    ])
    progress(`everybody is in after ${seconds(performance.now() - began)} s`)
    await steady(cluster, signal)
    const [{ struck: gone }, { survivors }] = await Promise.all([leaving.group(struck.url), staying.group(struck.url)])

    const speaker = people.all.find(({ session }) => session.status.node !== struck.name)
    if (speaker === undefined) throw new Error('Nobody of the survivors can speak.')
    await talk(speaker, 'warm', () => wait(SETTLE_MS, undefined, { signal }))
    const normalFrom = { at: performance.now(), statements: await transactions.count() }
    await talk(speaker, 'normal', () => wait(NORMAL_MS, undefined, { signal }))
    const perMs = ((await transactions.count()) - normalFrom.statements) / (performance.now() - normalFrom.at)

    progress(`${gone} are on ${struck.name}, which is killed; ${survivors} are not`)
    const stayedBefore = await staying.report()
    const from = {
      at: performance.now(),
      statements: await transactions.count(),
      cpuMs: await cpuMs(cluster, struck.name),
    }
    const killedAt = machineMs()
    await cluster.act('kill', struck.name)
    await talk(speaker, 'storm', async () => {
      await eventually('nearly all back', ALL_MS_MAX, async () => {
        await wait(LOOK_MS, undefined, { signal })
        const { live, people: all } = await leaving.count()
        progress(`${seconds(performance.now() - from.at)} s: ${live} of ${all} are there`)
        return live >= gone * RESUMED_SHARE
      }).catch(() => undefined)
    })
    const statements = (await transactions.count()) - from.statements - perMs * (performance.now() - from.at)
    const cpuAfterMs = await cpuMs(cluster, struck.name)
    const everybody = async () => {
      await wait(LOOK_MS, undefined, { signal })
      const { live, people: all } = await leaving.count()
      return live === all && people.live === SDK_CLIENTS
    }
    await eventually('everybody back', ALL_MS_MAX, everybody).catch(() => undefined)
    const { seq } = speaker.room.snapshot
    await Promise.all([staying.reaches(seq, SETTLE_MS), leaving.reaches(seq, SETTLE_MS)]).catch(() => undefined)

    const [report, stayed] = await Promise.all([leaving.report(), staying.report()])
    const again = report.againAt.map((at) => at - killedAt)
    bars.atLeast('struck', gone, STRUCK * 0.98)
    bars.atLeast('survivors', survivors, SURVIVORS * 0.9)
    bars.atMost('resumed50PercentMs', quantile(padded(again, gone), 0.5), RESUMED_MS_MAX)
    bars.atMost('resumed99PercentMs', quantile(padded(again, gone), RESUMED_SHARE), RESUMED_MS_MAX)
    bars.atMost('resumedAllMs', quantile(padded(again, gone), 1), ALL_MS_MAX)
    bars.exactly('sdkClientsBack', people.live, SDK_CLIENTS)
    bars.exactly('missing', report.missing + stayed.missing, 0)
    bars.exactly('survivorsLost', stayed.resumes - stayedBefore.resumes, 0)
    bars.note('resets', report.resets)
    bars.note(
      'failedTries',
      Object.values(report.refusals).reduce((sum, times) => sum + times, 0),
    )
    bars.note('serverCpuMsPerClient', (cpuAfterMs - from.cpuMs) / gone)
    bars.note('statementsBeyondNormal', Math.round(statements))
    bars.atMost('statementsPerClient', Math.max(0, statements) / gone, STATEMENTS_PER_CLIENT_MAX)
    for (const step of ['refusal', 'ticket', 'connection', 'join']) {
      bars.note(`${step}P50Ms`, quantileOf(report, `step ${step}`, 0.5))
      bars.note(`${step}P99Ms`, quantileOf(report, `step ${step}`, 0.99))
    }
    const normal = survivorsP99(stayed, 'normal')
    bars.note('survivorsNormalP99Ms', normal)
    bars.atMost('survivorsP99Ms', survivorsP99(stayed, 'storm'), normal * SURVIVORS_P99_MAX)
    if (!bars.result.pass) progress(await cluster.logs())
    return bars.result
  },
}

const seconds = (ms: number) => Math.round(ms / 100) / 10

/** Whoever is not back has not been back for ever. */
const padded = (times: readonly number[], count: number) =>
  Array.from({ length: count }, (_, place) => times[place] ?? Infinity)

const survivorsP99 = (report: CrowdReport, phase: string) => quantileOf(report, `${phase} survivors`, 0.99)

function quantileOf(report: CrowdReport, key: string, share: number): number {
  const latencies = new Latencies()
  latencies.merge(report.latencies[key] ?? {})
  return latencies.total === 0 ? Number.NaN : latencies.quantileMs(share)
}

/** Until the registry sends nobody on any more. */
async function steady(cluster: RunningCluster, signal: AbortSignal): Promise<void> {
  const look = async () => new Map((await cluster.nodes()).map(({ node, connections }) => [node, connections]))
  let [last, since] = [await look(), performance.now()]
  await eventually('the sockets where they stay', STEADY_MS_MAX, async () => {
    await wait(LOOK_MS, undefined, { signal })
    const now = await look()
    if ([...now].some(([node, connections]) => Math.abs(connections - (last.get(node) ?? 0)) > STEADY_CLIENTS))
      [last, since] = [now, performance.now()]
    return performance.now() - since >= STEADY_MS
  })
}

/** CPU time that all nodes but this one have used, in milliseconds. */
async function cpuMs(cluster: RunningCluster, except: string): Promise<number> {
  const others = (await cluster.nodes()).filter(({ node }) => node !== except)
  const used = await Promise.all(others.map(async ({ url }) => (await metricsOf(url))('process_cpu_seconds_total')))
  return used.reduce((sum, share) => sum + share * 1_000, 0)
}

/** Messages at an even pace while something else goes on. */
async function talk({ room }: Speaker, phase: string, meanwhile: () => Promise<unknown>): Promise<void> {
  const timer = setInterval(() => {
    room.send('post', { text: markedText(phase, machineMs()) }).catch(() => undefined)
  }, 1_000 / MESSAGES_PER_SECOND)
  try {
    await meanwhile()
  } finally {
    clearInterval(timer)
  }
}

/** Those who came in over the SDK. */
class People implements AsyncDisposable {
  readonly all: Speaker[] = []

  async enter(url: string, code: string, count: number): Promise<void> {
    for (let more = 0; more < count; more++) this.all.push(await enterChat(url, code, `SDK ${this.all.length}`))
  }

  get live(): number {
    return this.all.filter(
      ({ session, room }) => session.status.connection === 'online' && room.snapshot.state === 'live',
    ).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.all) person[Symbol.dispose]()
  }
}
