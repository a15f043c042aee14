/** What a gateway says of itself. */
export interface GatewayReport {
  node: string
  zone: string
  /** Where clients reach it. */
  url: string
  /** Most connections it takes. */
  capacity: number
  /** Connections it has now; absolute, so that a lost report heals itself. */
  connections: number
  /** Share of one core that its process has used lately, from 0 to 1; absent when it does not say. */
  cpu?: number
}

/**
 * Which gateways live, how loaded, and which one a client should use. Guarantee: `assign` gives the gateway with the lowest
 * share of its capacity taken (in the asked zone first) and reserves a place on it in the same step, so that a burst spreads
 * evenly; null when every place is taken. A gateway that has not reported for its time to live is not given, and one whose report is
 * half as old already only when no other, in any zone, has a place: it may be dead, and then whoever gets it backs off for nothing.
 * One that the asker could not reach (`avoid`, its URL) comes after all others that have a place.
 */
export interface Registry {
  report(report: GatewayReport): Promise<void>
  assign(zone?: string, avoid?: string): Promise<{ url: string; zone: string } | null>
  remove(node: string): Promise<void>
  list(): Promise<GatewayReport[]>
  close(): Promise<void>
}

/** How long a report speaks for its gateway, and how long a reserved place waits for its client. */
export const REPORT_TTL_MS = 5_000
