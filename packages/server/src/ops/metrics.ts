import { METRICS, type Metrics } from '@plenary/engine'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

const PREFIX = 'plenary_'
const REQUEST_BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/** The engine's figures and the platform's own, for whoever scrapes `/metrics`. */
export interface ServerMetrics extends Metrics {
  /** One HTTP request that was answered. */
  request(route: string, status: number, seconds: number): void
  /** In Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>
}

/** The one place that knows prom-client. */
export function prometheusMetrics(): ServerMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  for (const [name, definition] of Object.entries(METRICS)) {
    const common = { name: PREFIX + name, help: definition.help, labelNames: [...definition.labels], registers }
    if (definition.type === 'counter') counters.set(name, new Counter(common))
    if (definition.type === 'histogram')
      histograms.set(name, new Histogram({ ...common, buckets: [...definition.buckets] }))
  }
  const requests = new Histogram({
    name: `${PREFIX}http_request_seconds`,
    help: 'HTTP requests by route and status, and how long they took.',
    labelNames: ['route', 'status'],
    buckets: REQUEST_BUCKETS_SECONDS,
    registers,
  })

  return {
    count: (name, value = 1, labels = {}) => counters.get(name)?.inc(labels, value),
    observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
    gauge(name, read) {
      const { help } = METRICS[name]
      const gauge: Gauge = new Gauge({ name: PREFIX + name, help, registers: [], collect: () => gauge.set(read()) })
      registry.registerMetric(gauge)
    },
    request: (route, status, seconds) => requests.observe({ route, status }, seconds),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
