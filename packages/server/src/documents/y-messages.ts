import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/**
 * What is said between a stock provider and its server: one of these to a WebSocket message, in binary. What y-websocket's has no words
 * for is said to Hocuspocus's alone (`y-dialect.ts`).
 */
export type YMessage =
  /** Here is how far I am: tell me what I lack. */
  | { type: 'step1'; stateVector: Uint8Array }
  /** What you lack. */
  | { type: 'step2'; update: Uint8Array }
  | { type: 'update'; update: Uint8Array }
  | { type: 'awareness'; update: Uint8Array }
  | { type: 'denied'; reason: string }
  | { type: 'queryAwareness' }
  /** The client shows a token and waits to be let in. */
  | { type: 'token' }
  | { type: 'letIn'; mayEdit: boolean }
  /** One more of its changes is durable. */
  | { type: 'saved' }
  /** Are you there? And the answer. */
  | { type: 'ping' }
  | { type: 'pong' }
  /** It goes for good. */
  | { type: 'leave' }

const SYNC = 0
const AWARENESS = 1
const AUTH = 2
const QUERY_AWARENESS = 3
const STEPS = ['step1', 'step2', 'update'] as const
const PERMISSION_DENIED = 0

/** Null for what is none, or breaks off. */
export function readMessage(bytes: Uint8Array): YMessage | null {
  try {
    return readFrom(decoding.createDecoder(bytes))
  } catch {
    // The bytes end where more were announced.
    return null
  }
}

/** The same of what a decoder has yet to read. Throws where it breaks off. */
export function readFrom(decoder: decoding.Decoder): YMessage | null {
  switch (decoding.readVarUint(decoder)) {
    case SYNC: {
      const type = STEPS[decoding.readVarUint(decoder)]
      const part = decoding.readVarUint8Array(decoder)
      if (type === undefined) return null
      return type === 'step1' ? { type, stateVector: part } : { type, update: part }
    }
    case AWARENESS:
      return { type: 'awareness', update: decoding.readVarUint8Array(decoder) }
    case QUERY_AWARENESS:
      return { type: 'queryAwareness' }
    default:
      return null
  }
}

/** Null for what there are no words for. */
export function writeMessage(message: YMessage): Uint8Array | null {
  const encoder = encoding.createEncoder()
  return writeTo(encoder, message) ? encoding.toUint8Array(encoder) : null
}

/** Answers whether there are words for it. */
export function writeTo(encoder: encoding.Encoder, message: YMessage): boolean {
  switch (message.type) {
    case 'step1':
    case 'step2':
    case 'update':
      encoding.writeVarUint(encoder, SYNC)
      encoding.writeVarUint(encoder, STEPS.indexOf(message.type))
      encoding.writeVarUint8Array(encoder, message.type === 'step1' ? message.stateVector : message.update)
      return true
    case 'awareness':
      encoding.writeVarUint(encoder, AWARENESS)
      encoding.writeVarUint8Array(encoder, message.update)
      return true
    case 'denied':
      encoding.writeVarUint(encoder, AUTH)
      encoding.writeVarUint(encoder, PERMISSION_DENIED)
      encoding.writeVarString(encoder, message.reason)
      return true
    case 'queryAwareness':
      encoding.writeVarUint(encoder, QUERY_AWARENESS)
      return true
    default:
      return false
  }
}

/** The client ids that an awareness update speaks for, each with its clock. Throws when it is none. */
export function clocksIn(update: Uint8Array): Map<number, number> {
  const decoder = decoding.createDecoder(update)
  const clocks = new Map<number, number>()
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const client = decoding.readVarUint(decoder)
    clocks.set(client, decoding.readVarUint(decoder))
    JSON.parse(decoding.readVarString(decoder))
  }
  return clocks
}

/** The awareness update by which these clients leave. */
export function leaving(clocks: ReadonlyMap<number, number>): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clocks.size)
    for (const [client, clock] of clocks) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, clock + 1)
      encoding.writeVarString(encoder, 'null')
    }
  })
}
