import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'
import { gatewayTopic } from '../gateway/gateway-orders.ts'
import type { GatewayOrder } from '../gateway/gateway-orders.ts'
import type { Metrics } from '../metrics.ts'
import type { Leadership } from '../placement/leadership.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { EveningOut, SEND_ON_WITHIN_MS } from './evening-out.ts'
import { Probing } from './probing.ts'
import type { Probe } from './probing.ts'
import type { GatewayReport, Registry } from './registry.ts'

export interface MonitorOptions {
  registry: Registry
  bus: Bus
  leader: Leadership
  runtime: Runtime
  logger: Logger
  metrics: Metrics
  /** Asked of each registered gateway every second; a false, an error and a second without an answer are all a failure. */
  probe: Probe
}

/** A monitor at work. */
export interface Monitor {
  /** Ends it; resolves once nothing of it is under way. */
  close(): Promise<void>
}

const ROUND_MS = 1_000

/**
 * Watches the gateways while this process leads: takes those that have stopped answering out of the registry within 5 s, and evens
 * out live sockets within each zone. Run one on every node with the role; only the leader's does anything.
 */
export function startMonitor(options: MonitorOptions): Monitor {
  const { registry, bus, leader, runtime, logger, metrics } = options
  const closed = new AbortController()
  const probing = new Probing(runtime, options.probe)
  const evening = new EveningOut()
  const underWay = new Set<Promise<void>>()

  const mayAct = () => leader.leading() && !closed.signal.aborted

  let listing = false

  async function round(): Promise<void> {
    // A registry that is slow to answer is not asked by several rounds at once.
    if (listing) return
    listing = true
    const reports = await registry.list().finally(() => (listing = false))
    if (!mayAct()) return
    probing.round(reports)
    for (const report of reports) start(look(report, reports))
    evenOut(reports.filter((report) => probing.answers(report)))
  }

  async function look(report: GatewayReport, reports: readonly GatewayReport[]): Promise<void> {
    const dead = await probing.ask(report, closed.signal)
    if (!dead || !mayAct()) return
    // A monitor that reaches nobody is itself cut off, or what all of them need is away. The dead stop reporting in any case.
    if (!reports.some((other) => probing.answers(other))) return
    await registry.remove(report.node)
    if (!probing.out(report)) return
    metrics.count('gateways_removed_total')
    logger.warn(
      { gateway: report.node, zone: report.zone, connections: report.connections },
      'a gateway does not answer and is out of the registry',
    )
  }

  function evenOut(reports: readonly GatewayReport[]): void {
    const { sendOns, givenUp } = evening.look(reports, runtime.monotonic())
    for (const { node, zone, count } of sendOns) {
      const order: GatewayOrder = { sendOn: count, within: SEND_ON_WITHIN_MS }
      bus.publish(gatewayTopic(node), { header: order })
      metrics.count('clients_sent_on_total', count)
      logger.info({ gateway: node, zone, clients: count }, 'a gateway is asked to send clients on')
    }
    for (const zone of givenUp) logger.warn({ zone }, 'the sockets of the zone cannot be evened out for now')
  }

  function start(work: Promise<void>): void {
    const ended = work
      .catch((error: unknown) => logger.warn({ err: error }, 'the gateways could not be looked after'))
      .finally(() => underWay.delete(ended))
    underWay.add(ended)
  }

  const timer = runtime.every(ROUND_MS, () => {
    if (leader.leading()) {
      start(round())
      return
    }
    probing.forget()
    evening.forget()
  })

  return {
    async close() {
      timer.cancel()
      closed.abort()
      await Promise.all(underWay)
    },
  }
}
