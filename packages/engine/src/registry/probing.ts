import type { Runtime } from '../runtime/runtime.ts'
import type { GatewayReport } from './registry.ts'

/** Whether a gateway answers. The signal says that nobody waits for it any more. */
export type Probe = (report: GatewayReport, signal: AbortSignal) => Promise<boolean>

/** A gateway that does not answer in this time has failed a probe; */
const PROBE_MS = 1_000
/** one that failed so many in a row is taken to be dead. With a probe a second that is 4 s at most, below the 5 s of a report. */
const FAILURES = 3
/** After so many rounds without a report, what is known of a gateway is forgotten. */
const FORGET_ROUNDS = 60

interface Health {
  failures: number
  /** Rounds since it was last reported. */
  absent: number
  /** It was taken out of the registry since it last answered; one that goes on reporting comes back to be taken out again. */
  out: boolean
}

/** Knows of each gateway for how many probes in a row it has not answered. */
export class Probing {
  readonly #runtime: Runtime
  readonly #probe: Probe
  readonly #known = new Map<string, Health>()

  constructor(runtime: Runtime, probe: Probe) {
    this.#runtime = runtime
    this.#probe = probe
  }

  /** To be called with all that are registered, once a round, before they are probed. */
  round(reports: readonly GatewayReport[]): void {
    const listed = new Set(reports.map(({ node }) => node))
    for (const [node, health] of this.#known) {
      health.absent = listed.has(node) ? 0 : health.absent + 1
      if (health.absent > FORGET_ROUNDS) this.#known.delete(node)
    }
    for (const node of listed) if (!this.#known.has(node)) this.#known.set(node, { failures: 0, absent: 0, out: false })
  }

  /** Asks one gateway and resolves with whether it is to be taken for dead. Does not throw. */
  async ask(report: GatewayReport, closed: AbortSignal): Promise<boolean> {
    const answers = await this.#answers(report, closed)
    const health = this.#known.get(report.node)
    if (health === undefined || closed.aborted) return false
    health.failures = answers ? 0 : health.failures + 1
    if (answers) health.out = false
    return health.failures >= FAILURES
  }

  /** Whether its last probe was answered, or it has not been asked yet. */
  answers({ node }: GatewayReport): boolean {
    return (this.#known.get(node)?.failures ?? 0) === 0
  }

  /** It is out of the registry now. Gives whether that is news. */
  out({ node }: GatewayReport): boolean {
    const health = this.#known.get(node)
    if (health === undefined || health.out) return false
    health.out = true
    return true
  }

  forget(): void {
    this.#known.clear()
  }

  async #answers(report: GatewayReport, closed: AbortSignal): Promise<boolean> {
    const over = new AbortController()
    const end = () => over.abort()
    const timer = this.#runtime.after(PROBE_MS, end)
    closed.addEventListener('abort', end)
    const late = new Promise<boolean>((resolve) => over.signal.addEventListener('abort', () => resolve(false)))
    try {
      return await Promise.race([this.#probe(report, over.signal), late])
    } catch {
      // Whatever keeps it from answering: it does not answer, which is counted.
      return false
    } finally {
      timer.cancel()
      closed.removeEventListener('abort', end)
    }
  }
}
