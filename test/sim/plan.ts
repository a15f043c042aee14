import type { Json } from '@plenary/kinds'

/**
 * Everything that a run does, from the seed alone: how large the world is, and what happens to it when. Plain JSON, so that a plan can
 * be printed, cut down and run again. Nodes, people, rooms and shards are numbered from 0; all times are milliseconds of
 * simulated time since the world began.
 */
export interface Plan {
  seed: number
  shape: Shape
  /** By `at`, ascending. */
  acts: readonly Act[]
  /** Cut off after what it is to show, before all has come right: nobody looks at its end. */
  cut?: true
}

export interface Shape {
  nodes: number
  /** Node n is in zone `n mod zones`, and so is room r in zone `r mod zones`. */
  zones: number
  /** Of each zone. */
  shards: number
  rooms: number
  people: number
  /**
   * How the log keeps out an owner that is over: `fenced` refuses a stale epoch with the write; `leased` takes any record and drops, when
   * it is read, those behind a higher epoch's fence, so that an owner must look at its lease before it acknowledges.
   */
  log: 'fenced' | 'leased'
  /** Limits of the product that are set this low for the run, so that what happens at them happens in small worlds too. */
  limits: LowLimits
  /** Now the world mends all that is broken: every node runs, every page is open, clocks are right. No fault comes after. */
  calmAtMs: number
  /** The end: by now everyone has converged. */
  durationMs: number
}

/** Entries of `LIMITS` by their names there; the world puts the real ones back when it ends. */
export interface LowLimits {
  dedupePerRoom: number
  snapshotEntries: number
  ringBatches: number
  resumeEntries: number
  socketConflateBytes: number
  socketCloseBytes: number
}

/** What a node can be cut off from: `bus` are all other nodes, `leases` is the lease service. */
export type Port = 'bus' | 'log' | 'leases'

export type Act = { at: number } & Doing

export type Doing =
  // People
  /** Through the SDK, so it is kept on the device and sent until it is answered. */
  | { do: 'say'; person: number; room: number; type: string; body: Json }
  /** The device is gone without a word: the page is closed, what it had stored stays. */
  | { do: 'vanish'; person: number }
  /** The page is opened again, on what the device had stored, and goes to whichever gateway it is given. Nothing if it is open. */
  | { do: 'return'; person: number }
  /** The connection breaks, as neither side is told at once: each finds out after `silentMs`. The SDK comes back by itself. */
  | { do: 'hang-up'; person: number; silentMs: number }
  /** Reads nothing for so long, while the server writes on. */
  | { do: 'stall'; person: number; forMs: number }
  /** The right to the event is taken away, as an organiser does it; every living gateway learns of it within 500 ms. */
  | { do: 'kick'; person: number }
  // Nodes
  /** Ends at once: memory, sockets and timers are gone. What is on its way to the log may land all the same. Nothing if it is down. */
  | { do: 'crash'; node: number }
  /** Ends at its n-th call of a port from now on, in the middle of whatever that is; called off at `calmAtMs`. */
  | { do: 'crash-at-call'; node: number; call: number }
  /** Nothing of it runs for so long; then it goes on as if no time had passed. */
  | { do: 'pause'; node: number; forMs: number }
  /** A new process in the place of one that has ended; of one that is draining, once it has. Nothing if it runs. */
  | { do: 'restart'; node: number }
  /** A planned stop: it sends its clients on, hands its shards over and ends. */
  | { do: 'drain'; node: number }
  /** The wall clock is set. */
  | { do: 'wall-jump'; node: number; byMs: number }
  /** The monotonic clock runs faster (or slower) by so many millionths from now on. */
  | { do: 'drift'; node: number; ppm: number }
  // The network between nodes
  /** Each message is lost, sent twice, or late by up to `lateMs` (so that others overtake it), with these chances out of 1. */
  | { do: 'bus-weather'; lose: number; double: number; late: number; lateMs: number; forMs: number }
  /** Two nodes do not hear each other. */
  | { do: 'partition'; a: number; b: number; forMs: number }
  | { do: 'cut-off'; node: number; from: Port; forMs: number }
  // Leases and placement
  /** Its lease is over at the lease service, and it is not told. */
  | { do: 'lease-lost'; node: number }
  /** The balancer wants a shard elsewhere. */
  | { do: 'move'; zone: number; shard: number; to: number }
  // The log
  /** Nothing is answered for so long; what is asked fails, or waits. */
  | { do: 'log-away'; forMs: number }
  /** Each call takes up to so much longer. */
  | { do: 'log-slow'; upToMs: number; forMs: number }
  /** The node's next append fails without saying whether it was written: it was not, it was, or it is so much later. Called off at `calmAtMs`. */
  | { do: 'append-unknown'; node: number; lands: 'never' | 'at-once' | 'late'; lateMs: number }

/** The acts that break something. The others are what people do all day. */
export const FAULTS = [
  'hang-up',
  'stall',
  'vanish',
  'crash',
  'crash-at-call',
  'pause',
  'drain',
  'wall-jump',
  'drift',
  'bus-weather',
  'partition',
  'cut-off',
  'lease-lost',
  'move',
  'log-away',
  'log-slow',
  'append-unknown',
] as const satisfies readonly Doing['do'][]
