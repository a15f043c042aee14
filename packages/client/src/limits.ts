/** Every bound and pace of the SDK in one table, units last in the name. */
export const CLIENT_LIMITS = {
  /** First step of the back-off; each further one doubles it, up to the cap. */
  backoffBaseMs: 250,
  backoffCapMs: 15_000,
  /** When a connection breaks, others of the room may have lost theirs with it: together they come back at this pace at most, */
  returnsPerSecond: 400,
  /** but nobody waits for longer than this to see whether it was only them. */
  returnSpreadMaxMs: 25_000,
  /** The cap for a command on a connection that stands: a refusal costs the server little, and its end should be noticed soon. */
  commandBackoffCapMs: 2_000,
  /** A connection that held this long starts the back-off from its first step again. */
  stableMs: 5_000,
  /** From asking for a ticket to an open socket. */
  connectMs: 15_000,
  httpMs: 15_000,
  /** The same for a file, which is made while it is sent. */
  downloadMs: 10 * 60_000,
  joinMs: 10_000,
  /** Rooms that are asked for with the handshake; well below what servers take. */
  earlyJoins: 32,
  /** No answer to a command for so long: it is sent again. */
  ackMs: 10_000,
  /** A saved command whose entry has not shown after so long: the room asks for what it missed. */
  showMs: 5_000,
  /** Spread of those who come back at once, when a network does. */
  wakeJitterMs: 500,
  /** Hidden longer than this: the rooms are brought up to date when the page shows again. */
  hiddenMs: 20_000,
  /** The part of a `goodbye`'s time over which moves are spread; the rest is for moving. */
  goodbyeSpread: 0.5,
  /** At it: `unavailable`. */
  outboxCommandsPerRoom: 1_000,
  typingMs: 6_000,
  /** Below the newest hundred that a chat's view keeps, so that a page never rolls. */
  historyPageEntries: 80,
  /** At it: the oldest page goes when a live one comes; no older one is loaded. */
  historyPages: 500,
  /** Slices without a visible entry that one `loadOlder` reads past. */
  historyEmptySlices: 10,
} as const
