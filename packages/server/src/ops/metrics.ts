import { METRICS, type Metrics } from '@plenary/engine'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, type CounterConfiguration } from 'prom-client'

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
  const counts = new Map<string, Counts>()
  const histograms = new Map<string, Histogram>()
  for (const [name, definition] of Object.entries(METRICS)) {
    const common = { name: PREFIX + name, help: definition.help, labelNames: [...definition.labels], registers }
    if (definition.type === 'counter') counts.set(name, countsOf(common))
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
    count: (name, value = 1, labels = {}) => counts.get(name)?.add(labels, value),
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

/** What was counted since somebody last looked: adding to it costs a tenth of what the library takes to find a counter by its labels. */
class Counts {
  readonly #labelNames: readonly string[]
  /** The only one, where there is one: then its value is the key, and nothing is put together. */
  readonly #labelName: string | null
  readonly #since = new Map<string, { labels: Record<string, string>; value: number }>()

  constructor(labelNames: readonly string[]) {
    this.#labelNames = labelNames
    this.#labelName = labelNames.length === 1 ? (labelNames[0] ?? null) : null
  }

  add(labels: Record<string, string>, value: number): void {
    const key = this.#labelName === null ? this.#keyOf(labels) : (labels[this.#labelName] ?? '')
    const known = this.#since.get(key)
    if (known === undefined) this.#since.set(key, { labels, value })
    else known.value += value
  }

  #keyOf(labels: Record<string, string>): string {
    let key = ''
    for (const name of this.#labelNames) key += `${labels[name]}\n`
    return key
  }

  moveTo(counter: Counter): void {
    for (const { labels, value } of this.#since.values()) counter.inc(labels, value)
    this.#since.clear()
  }
}

function countsOf(configuration: CounterConfiguration<string>): Counts {
  const counts = new Counts(configuration.labelNames ?? [])
  const counter: Counter = new Counter({ ...configuration, collect: () => counts.moveTo(counter) })
  return counts
}
