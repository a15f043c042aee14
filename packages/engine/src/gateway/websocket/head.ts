import { hash } from 'node:crypto'

/** What a client says to begin a WebSocket, as far as it matters here. */
export interface Head {
  key: string
  host: string
  origin: string | undefined
  /** Where in the bytes it ends. */
  end: number
}

const BYTES_MAX = 8 * 1024
const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = '\r\n'
const GET = 'GET /socket.io/?'
const HTTP = ' HTTP/1.1'
const TOKEN = /^[!#$%&'*+.^`|~\w-]+$/
/** Whatever is not written in lines, or ends one by half. */
const NOT_PLAIN = /[^\t\r\n\x20-\x7e]|\r(?!\n)|(?<!\r)\n/
const UPGRADE = /(?:^|[ ,])upgrade(?:$|[ ,])/i
const KEY = /^[+/0-9A-Za-z]{22}==$/
/** Appended to a key before it is hashed: RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * The head of a request for a WebSocket of its own in Engine.IO 4, if that is what these bytes begin with, whole, in its plain form, and
 * with nothing about it that would have to be decided. Null for all else, which is left to those who know all of HTTP.
 */
export function readHead(bytes: Buffer): Head | null {
  // Most of what comes is told by its first letters.
  if (bytes.length < GET.length || bytes.toString('latin1', 0, GET.length) !== GET) return null
  const end = bytes.subarray(0, BYTES_MAX).indexOf(HEAD_END)
  if (end < 0) return null
  const text = bytes.toString('latin1', 0, end)
  if (NOT_PLAIN.test(text)) return null
  const requestEnd = endOfLine(text, 0)
  if (!text.endsWith(HTTP, requestEnd)) return null
  if (!asksForSession(text.slice(GET.length, requestEnd - HTTP.length))) return null
  const fields = readFields(text, requestEnd + LINE_END.length)
  if (fields === null) return null
  const { host, origin, upgrade, connection, key, version } = fields
  if (host === undefined || key === undefined || !KEY.test(key)) return null
  const upgrades = upgrade?.toLowerCase() === 'websocket' && UPGRADE.test(connection ?? '')
  return upgrades && version === '13' ? { key, host, origin, end: end + HEAD_END.length } : null
}

/** The answer to a key. */
export const acceptOf = (key: string): string => hash('sha1', key + GUID, 'base64')

/** Engine.IO 4 over a WebSocket, and a new session. */
function asksForSession(query: string): boolean {
  // What is escaped is for others to make out.
  if (query.includes('%') || query.includes('+')) return false
  let asked = 0
  for (const pair of query.split('&')) {
    if (pair === 'EIO=4') asked += 1
    else if (pair === 'transport=websocket') asked += 3
    // Given twice, or otherwise.
    else if (pair.startsWith('EIO') || pair.startsWith('transport') || pair.startsWith('sid')) return false
  }
  return asked === 4
}

/** Ask for something that is not offered here, or bring something along. */
const OTHER: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect', 'sec-websocket-protocol'])

/** What decides how a request is taken; each may come once. */
class Fields {
  host: string | undefined
  origin: string | undefined
  upgrade: string | undefined
  connection: string | undefined
  key: string | undefined
  version: string | undefined
}
const DECIDING: ReadonlyMap<string, keyof Fields> = new Map([
  ['host', 'host'],
  ['origin', 'origin'],
  ['upgrade', 'upgrade'],
  ['connection', 'connection'],
  ['sec-websocket-key', 'key'],
  ['sec-websocket-version', 'version'],
])
/** Decides nothing. */
const ELSE = Symbol('else')
/** What a name in the spelling of most clients is; any other spelling has to be looked into. */
const USUAL: ReadonlyMap<string, keyof Fields | typeof ELSE> = new Map([
  ...['Host', 'Origin', 'Upgrade', 'Connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version'].map(
    (name) => [name, DECIDING.get(name.toLowerCase()) ?? ELSE] as const,
  ),
  ...[
    'Accept-Encoding',
    'Accept-Language',
    'Cache-Control',
    'Cookie',
    'Pragma',
    'Sec-WebSocket-Extensions',
    'User-Agent',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'X-Real-IP',
  ].map((name) => [name, ELSE] as const),
])

/** Of the lines from there on. Null where one of them is none, or asks for more than is done here. */
function readFields(text: string, from: number): Fields | null {
  const fields = new Fields()
  for (let at = from; at <= text.length;) {
    const end = endOfLine(text, at)
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon >= end) return null
    const name = text.slice(at, colon)
    const field = USUAL.get(name) ?? fieldOf(name)
    if (field === null) return null
    if (field !== ELSE) {
      if (fields[field] !== undefined) return null
      fields[field] = text.slice(colon + 1, end).trim()
    }
    at = end + LINE_END.length
  }
  return fields
}

function fieldOf(spelled: string): keyof Fields | typeof ELSE | null {
  const name = spelled.toLowerCase()
  if (!TOKEN.test(name) || OTHER.has(name)) return null
  return DECIDING.get(name) ?? ELSE
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf(LINE_END, from)
  return end < 0 ? text.length : end
}
