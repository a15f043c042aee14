/** Every bound of the log over Kafka, units last. What happens at each is beside it. */
export const KAFKA_LIMITS = {
  /** A record that is larger is refused before it is sent; also the topic's own bound. */
  recordBytes: 64 * 1024 * 1024,
  /**
   * Text of one shard that Kafka has and PostgreSQL does not. At it, an append waits for the writer, and is refused unsent when
   * that takes `roomMs`; so no owner ever has more than this in memory or to replay.
   */
  overlayChars: 32 * 1024 * 1024,
  roomMs: 5_000,
  /** Appends that reach no broker are tried again for so long; then their outcome is unknown. */
  appendMs: 5_000,
  /** One answer of a broker. */
  requestMs: 2_000,
  connectMs: 1_000,
  retryMs: 100,
  /** A snapshot of what PostgreSQL does not have yet waits so long for the writer; then it is not written. A hand-over waits with it. */
  snapshotMs: 500,
  /** A read on a node that does not own the room waits so long for the writer; then it is `unavailable`. */
  readMs: 3_000,
  /** An owner that heard from Kafka within this time does not ask whether it still is one before it is read from. */
  freshMs: 1_000,
  /** How often PostgreSQL is asked how far the writer is: when somebody waits for it, and when nobody does. */
  waitPollMs: 15,
  trimPollMs: 500,
  /** Rooms of a shard whose head is remembered; past it the oldest are asked of PostgreSQL again. */
  headsMax: 20_000,
  /** Bytes of one answer to a fetch. */
  fetchBytes: 8 * 1024 * 1024,
} as const
