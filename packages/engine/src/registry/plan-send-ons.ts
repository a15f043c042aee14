import type { GatewayReport } from './registry.ts'

/** So many clients of a gateway are to be asked to connect elsewhere. */
export interface SendOn {
  node: string
  zone: string
  count: number
}

/** A gateway this far from its part, as a share of that part, is worth sending clients on; */
const UNEVEN = 0.2
/** once begun, it goes on until all are this near, so that small changes afterwards are worth nothing. */
export const EVEN = 0.1
/** Fewer people than these are no unevenness, whatever share of the part they are. */
const UNEVEN_CLIENTS = 2
const EVEN_CLIENTS = 1
/** Asked of one gateway at a time: this share of its clients, within these bounds. */
const ORDER_SHARE = 0.1
const ORDER_MIN = 50
const ORDER_MAX = 1_000

interface Standing {
  report: GatewayReport
  /** What it would have if all took the same share of their capacity. */
  part: number
}

/**
 * Who is to send how many clients on so that the gateways of each zone come to the same share of their capacity; nobody while they
 * are near enough. `begun` says for which zones it is to go on where it would not begin. No more are sent on than those below their
 * part have room for, so carrying it out never turns the unevenness round.
 */
export function planSendOns(
  reports: readonly GatewayReport[],
  begun: (zone: string) => boolean = () => false,
): SendOn[] {
  return [...Map.groupBy(reports, ({ zone }) => zone)].flatMap(([zone, gateways]) => {
    const standings = standingsOf(gateways)
    const bound = begun(zone) ? { share: EVEN, clients: EVEN_CLIENTS } : { share: UNEVEN, clients: UNEVEN_CLIENTS }
    const near = ({ report, part }: Standing) =>
      Math.abs(report.connections - part) <= Math.max(part * bound.share, bound.clients)
    return standings.every(near) ? [] : evenOut(zone, standings)
  })
}

/** How far the gateways are from their parts, in clients that would have to move. */
export function clientsAstray(reports: readonly GatewayReport[]): number {
  return standingsOf(reports).reduce((sum, { report, part }) => sum + Math.max(0, report.connections - part), 0)
}

function standingsOf(gateways: readonly GatewayReport[]): Standing[] {
  const sum = (figure: (report: GatewayReport) => number) =>
    gateways.reduce((total, report) => total + figure(report), 0)
  const share =
    sum(({ connections }) => connections) /
    Math.max(
      1,
      sum(({ capacity }) => capacity),
    )
  return gateways.map((report) => ({ report, part: report.capacity * share }))
}

function evenOut(zone: string, standings: readonly Standing[]): SendOn[] {
  let room = 0
  for (const { report, part } of standings) {
    room += Math.max(0, Math.floor(Math.min(part, report.capacity)) - report.connections)
  }
  const orders: SendOn[] = []
  const excess = ({ report, part }: Standing) => report.connections - part
  for (const standing of standings.toSorted((a, b) => excess(b) - excess(a))) {
    const { node, connections } = standing.report
    const once = Math.min(ORDER_MAX, Math.max(ORDER_MIN, Math.ceil(connections * ORDER_SHARE)))
    // Whole people only: whoever has got one too many by rounding does not send that one back.
    const count = Math.min(Math.floor(excess(standing)), once, room)
    if (count <= 0) break
    room -= count
    orders.push({ node, zone, count })
  }
  return orders
}
