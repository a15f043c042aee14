/** Every bound of the product in one table, units last in the name. What happens at each is in docs/SPEC.md (R7). */
export const LIMITS = {
  commandBytes: 64 * 1024,
  /** Of a command that carries a change of a document. */
  documentCommandBytes: 1024 * 1024,
  commandsPerSecond: 20,
  commandsBurst: 40,
  signalsPerSecond: 30,
  /** Gathered signals of all people in a room are told on at most so often. */
  gatherMs: 400,
  roomsPerConnection: 100,
  /** Of one person on one gateway. */
  connectionsPerPerson: 50,
  /** Connections of a gateway whose handshake has not come, or was not answered yet. */
  connectionsHalfOpen: 10_000,
  /** Waiting bytes of one socket past which batches are skipped and made up for later. */
  socketConflateBytes: 1024 * 1024,
  /** Waiting bytes of one socket at which it is closed; it resumes later. */
  socketCloseBytes: 8 * 1024 * 1024,
  ringBatches: 1_000,
  ringBytes: 4 * 1024 * 1024,
  commandsWaitingPerRoom: 10_000,
  commandsWaitingPerShard: 50_000,
  /** Command ids an active room keeps to answer a repeated command from memory. */
  dedupePerRoom: 4_096,
  snapshotEntries: 1_000,
  /** Longest gap that is filled entry by entry; a longer one is a `reset`. */
  resumeEntries: 5_000,
  historyPage: 200,
  presenceNames: 100,
  roomsPerEvent: 50,
  nameChars: 60,
  titleChars: 120,
  /** Longest wait for a command while its owner is there and can tell; then it is told to come again. */
  commandWaitMs: 1_900,
  /** An append that is out for longer keeps nobody waiting: who waits is told to come again, and nothing new is taken until it ends. */
  appendSlowMs: 900,
  /** A room that is not in memory is read within this, or its command is told to come again. */
  roomReadMs: 900,
  /** Past it the outcome of an append is taken for unknown, and the epoch is over. */
  appendMs: 6_000,
  /** Any other call of the log. */
  logCallMs: 10_000,
  /** Between two tries to take a shard again whose log is away; the first ones follow sooner. */
  retakeMs: 1_000,
  /** A node that is gone loses its shards after so long; one that cannot renew stops acknowledging a margin earlier. */
  leaseTtlMs: 5_000,
  leaseRenewMs: 1_500,
  leaseMarginMs: 500,
  /** Shards that the balancer moves within a zone. */
  movesPerMinute: 40,
} as const
