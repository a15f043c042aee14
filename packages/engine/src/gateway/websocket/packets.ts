/** What a text message of a client is, in Engine.IO 4 and Socket.IO 5 on the one namespace. */
export type Packet =
  | { is: 'pong' }
  | { is: 'connect'; auth: unknown }
  /** `id` when an answer is wanted. */
  | { is: 'event'; name: string; args: unknown[]; id: string | null }
  /** To what was never asked. */
  | { is: 'answer' }
  /** Means nothing here, and does no harm. */
  | { is: 'nothing' }

const PONG: Packet = { is: 'pong' }
const ANSWER: Packet = { is: 'answer' }
const NOTHING: Packet = { is: 'nothing' }
/** What the library itself tells its application; no client says them. */
const RESERVED: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
])
const ID_DIGITS_MAX = 20

/** Null for what is no packet, or one that a client may not send: the connection is to be closed. */
export function readPacket(text: string): Packet | null {
  switch (text[0]) {
    case '4':
      return readMessage(text)
    case '3':
      return PONG
    // Open, close, upgrade and noop.
    case '0':
    case '1':
    case '5':
    case '6':
      return NOTHING
    default:
      return null
  }
}

function readMessage(text: string): Packet | null {
  let at = 2
  if (text[at] === '/') {
    if (text[at + 1] !== ',') return null
    at += 2
  }
  switch (text[1]) {
    case '0':
      return readConnect(text.slice(at))
    case '2':
      return readEvent(text, at)
    case '3':
      // Nothing is asked of clients.
      return Array.isArray(parseJson(text.slice(skipDigits(text, at)))) ? ANSWER : null
    default:
      // Goodbyes, refusals and attachments.
      return null
  }
}

function readConnect(rest: string): Packet | null {
  if (rest === '') return { is: 'connect', auth: {} }
  const auth = parseJson(rest)
  return typeof auth === 'object' && auth !== null && !Array.isArray(auth) ? { is: 'connect', auth } : null
}

function readEvent(text: string, at: number): Packet | null {
  const from = skipDigits(text, at)
  if (from - at > ID_DIGITS_MAX) return null
  const said = parseJson(text.slice(from))
  if (!Array.isArray(said)) return null
  const [name, ...args] = said as unknown[]
  if ((typeof name !== 'string' && typeof name !== 'number') || RESERVED.has(name)) return null
  return { is: 'event', name: String(name), args, id: from === at ? null : text.slice(at, from) }
}

function skipDigits(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++
  return at
}

/** Undefined, which is no JSON, for what is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
