/** Every metric of the engine, one per question that an operator asks. Names without the `plenary_` that exporters put in front. */
export const METRICS = {
  commands_total: {
    type: 'counter',
    help: 'Commands answered, by outcome: ok, refused, or an error code.',
    labels: ['outcome'],
  },
  entries_total: { type: 'counter', help: 'Entries made durable.', labels: [] },
  append_seconds: {
    type: 'histogram',
    help: 'From handing a batch to the log until it was durable.',
    labels: [],
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
  },
  append_entries: {
    type: 'histogram',
    help: 'Entries in one append.',
    labels: [],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 1000],
  },
  epochs_over_total: {
    type: 'counter',
    help: 'Ownerships ended by a failed or fenced append, or a lease that ran out.',
    labels: [],
  },
  log_outages_total: {
    type: 'counter',
    help: 'Times that the log failed a shard of this node while it answered for all of them before.',
    labels: [],
  },
  slow_appends_total: {
    type: 'counter',
    help: 'Appends that took so long that nobody was kept waiting for them.',
    labels: [],
  },
  shards_without_log: {
    type: 'gauge',
    help: 'Shards that this node has and cannot run, because their log is away.',
    labels: [],
  },
  rooms_set_aside_total: {
    type: 'counter',
    help: 'Times that a room was read again, or could not be read, because its kind threw.',
    labels: [],
  },
  shards_owned: { type: 'gauge', help: 'Shards that this node owns and runs.', labels: [] },
  rooms_active: { type: 'gauge', help: 'Rooms in memory of the owner.', labels: [] },
  channels_active: { type: 'gauge', help: 'Rooms with sockets on this gateway.', labels: [] },
  connections: { type: 'gauge', help: 'Sockets on this gateway.', labels: [] },
  waiting_bytes: { type: 'gauge', help: 'Bytes that wait for sockets to read them; an upper bound.', labels: [] },
  waiting_bytes_max: { type: 'gauge', help: 'Bytes that wait for the one socket that is furthest behind.', labels: [] },
  deliveries_total: { type: 'counter', help: 'Batches written to sockets.', labels: [] },
  conflated_total: {
    type: 'counter',
    help: 'Times a slow socket was brought up to date after batches were skipped.',
    labels: ['how'],
  },
  slow_closed_total: { type: 'counter', help: 'Sockets closed for reading too slowly.', labels: [] },
  stalls_total: {
    type: 'counter',
    help: 'Times this process stood still for as long as a lease lasts; its sockets were closed.',
    labels: [],
  },
  gaps_filled_total: { type: 'counter', help: 'Holes in a stream that were asked of the owner.', labels: [] },
  bus_lost_total: {
    type: 'counter',
    help: 'Messages between nodes given up, by why: full, late, or lost with a connection.',
    labels: ['why'],
  },
  handshakes_total: { type: 'counter', help: 'Handshakes by outcome: ok or an error code.', labels: ['outcome'] },
  joins_total: {
    type: 'counter',
    help: 'Joins by how they were served: view, resume, reset, or an error code.',
    labels: ['how'],
  },
  signals_total: { type: 'counter', help: 'Signals by outcome: sent or dropped.', labels: ['outcome'] },
  gateways_removed_total: {
    type: 'counter',
    help: 'Gateways taken out of the registry because they did not answer.',
    labels: [],
  },
  clients_sent_on_total: {
    type: 'counter',
    help: 'Clients that gateways were asked to send on, to even out sockets.',
    labels: [],
  },
  scalings_total: {
    type: 'counter',
    help: 'Nodes started and drained by the autoscaler, by direction (up, down) and outcome (ok, failed).',
    labels: ['direction', 'outcome'],
  },
  writer_lag_records: {
    type: 'gauge',
    help: 'Records of the writer’s partitions that PostgreSQL does not have yet.',
    labels: [],
  },
  writer_entries_total: { type: 'counter', help: 'Entries that the writer has put into PostgreSQL.', labels: [] },
} as const satisfies Record<string, MetricDefinition>

export interface MetricDefinition {
  type: 'counter' | 'histogram' | 'gauge'
  help: string
  labels: readonly string[]
  buckets?: readonly number[]
}
export type MetricName = keyof typeof METRICS

/** Where figures go. Calls are cheap and never throw. */
export interface Metrics {
  count(name: MetricName, value?: number, labels?: Record<string, string>): void
  observe(name: MetricName, value: number, labels?: Record<string, string>): void
  /** Read when somebody looks. */
  gauge(name: MetricName, read: () => number): void
}

/** Figures go nowhere. */
export const noMetrics: Metrics = { count: () => {}, observe: () => {}, gauge: () => {} }
