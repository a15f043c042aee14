import type { Runtime } from '../runtime/runtime.ts'
import { REPORT_TTL_MS } from './registry.ts'
import type { GatewayReport, Registry } from './registry.ts'

/** A registry inside one process. */
export function memoryRegistry(runtime: Runtime): Registry {
  const gateways = new Map<string, { report: GatewayReport; reportedAt: number; reserved: number }>()

  function living() {
    const oldest = runtime.monotonic() - REPORT_TTL_MS
    return [...gateways.values()].filter((gateway) => gateway.reportedAt >= oldest)
  }

  return {
    async report(report) {
      // The report counts those who came meanwhile, so what was reserved for them is free again.
      gateways.set(report.node, { report, reportedAt: runtime.monotonic(), reserved: 0 })
    },
    async assign(zone, avoid) {
      const share = (each: { report: GatewayReport; reserved: number }) =>
        (each.report.connections + each.reserved) / each.report.capacity
      const free = living().filter((each) => share(each) < 1)
      const late = runtime.monotonic() - REPORT_TTL_MS / 2
      const others = free.filter((each) => each.report.url !== avoid)
      const punctual = others.filter((each) => each.reportedAt >= late)
      const some = [punctual, others, free].find((each) => each.length > 0) ?? []
      const near = some.filter((each) => each.report.zone === zone)
      const best = (near.length > 0 ? near : some).toSorted((a, b) => share(a) - share(b))[0]
      if (best === undefined) return null
      best.reserved++
      return { url: best.report.url, zone: best.report.zone }
    },
    async remove(node) {
      gateways.delete(node)
    },
    async list() {
      return living().map((gateway) => gateway.report)
    },
    async close() {
      gateways.clear()
    },
  }
}
