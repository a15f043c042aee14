import type { Act } from './act.ts'
import { runCrowd, type CrowdReport } from './crowd.ts'

/** They talk. */
export const chatAct: Act = {
  inEvent: true,
  async run(given, progress, signal) {
    const report = await runCrowd({ ...given, progress, signal })
    const wrong = report.lost + report.duplicated + report.reordered
    return { ok: report.acknowledged > 0 && wrong === 0, rows: rows(report), report }
  },
}

function rows(report: CrowdReport): [string, string | number][] {
  return [
    ['people', report.people],
    ['sent', report.sent],
    ['acknowledged', report.acknowledged],
    ['refused', report.refused],
    ['delivered', report.delivered],
    ['lost', report.lost],
    ['duplicated', report.duplicated],
    ['reordered', report.reordered],
    ['resets', report.resets],
    ['acknowledgement p50', ms(report.ackP50Ms)],
    ['acknowledgement p99', ms(report.ackP99Ms)],
    ['delivery p50', ms(report.deliveryP50Ms)],
    ['delivery p99', ms(report.deliveryP99Ms)],
  ]
}

/** A time as people read it. */
function ms(value: number | null): string {
  return value === null ? '–' : `${value} ms`
}
