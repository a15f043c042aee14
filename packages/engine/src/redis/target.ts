import type { RedisOptions } from 'ioredis'

/** The library's options, with the form of replies left as it is. */
export type LinkSettings = Omit<RedisOptions, 'replyMapping'>

export interface HostPort {
  host: string
  port: number
}

/** A Redis that sentinels watch over. */
export interface SentinelSettings {
  sentinels: readonly HostPort[]
  /** What the sentinels call it. */
  name: string
  username?: string
  password?: string
  sentinelUsername?: string
  sentinelPassword?: string
  db?: number
  /** For the connections to Redis and to the sentinels alike. */
  tls?: boolean
}

/**
 * Where Redis is: `redis[s]://[user:password@]host:port[/db]`; or, watched over by sentinels, settings or
 * `redis[s]+sentinel://[user:password@]host:port,host:port,…/name[/db][?sentinelPassword=…&sentinelUsername=…]`.
 */
export type RedisTarget = string | SentinelSettings

const REDIS_PORT = 6379
const SENTINEL_PORT = 26_379
const WATCHED = /^(rediss?)\+sentinel:\/\/(?:([^/?#]*)@)?([^/?#@]+)\/([^/?#]+)(?:\/(\d+))?(?:\?(.*))?$/
const ADDRESS = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/

/** The part of the library's options that says where to connect. Throws, without repeating a secret, when it is malformed. */
export function targetOptions(target: RedisTarget): LinkSettings {
  if (typeof target !== 'string') return sentinelOptions(target)
  return target.includes('+sentinel:') ? sentinelOptions(parseWatched(target)) : plainOptions(target)
}

/** The target for logs and messages: hosts and name, no user, no password. */
export function describeTarget(target: RedisTarget): string {
  const { sentinels, name, host, port } = targetOptions(target)
  if (!sentinels) return `redis://${host}:${port}`
  return `redis+sentinel://${sentinels.map((each) => `${each.host}:${each.port}`).join(',')}/${name}`
}

function plainOptions(text: string): LinkSettings {
  // What the parser throws carries the whole text, password and all.
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^(?:\/\d*)?$/.test(url.pathname)) {
    throw new Error('A Redis address reads redis://[user:password@]host:port[/db].')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: url.port === '' ? REDIS_PORT : Number(url.port),
    ...credentials(decode(url.username), decode(url.password)),
    db: Number(url.pathname.slice(1)),
    ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
  }
}

function parseWatched(text: string): SentinelSettings {
  const [, scheme, userinfo = '', hosts = '', name = '', db, query] = WATCHED.exec(text) ?? []
  const sentinels = hosts.split(',').map(parseAddress)
  const known = sentinels.filter((each) => each !== null)
  if (scheme === undefined || known.length !== sentinels.length) {
    throw new Error('A Redis with sentinels reads redis+sentinel://[user:password@]host:port,host:port,…/name[/db].')
  }
  const colon = userinfo.indexOf(':')
  const parameters = new URLSearchParams(query)
  return {
    sentinels: known,
    name: decode(name),
    ...credentials(
      decode(colon < 0 ? userinfo : userinfo.slice(0, colon)),
      decode(colon < 0 ? '' : userinfo.slice(colon + 1)),
    ),
    ...optional('sentinelUsername', parameters.get('sentinelUsername')),
    ...optional('sentinelPassword', parameters.get('sentinelPassword')),
    ...(db === undefined ? {} : { db: Number(db) }),
    tls: scheme === 'rediss',
  }
}

function sentinelOptions(settings: SentinelSettings): LinkSettings {
  const { sentinels, tls = false, ...rest } = settings
  if (sentinels.length === 0) throw new Error('A Redis with sentinels needs the address of at least one.')
  return {
    ...rest,
    sentinels: sentinels.map(({ host, port }) => ({ host, port })),
    ...(tls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  }
}

function parseAddress(text: string): HostPort | null {
  const [, bracketed, plain, port] = ADDRESS.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port ?? SENTINEL_PORT) > 65_535) return null
  return { host, port: Number(port ?? SENTINEL_PORT) }
}

function credentials(username: string, password: string): { username?: string; password?: string } {
  return { ...optional('username', username), ...optional('password', password) }
}

function optional<Key extends string>(key: Key, value: string | null): { [K in Key]?: string } {
  return value === null || value === '' ? {} : ({ [key]: value } as { [K in Key]?: string })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('A Redis address carries a percent sign that encodes nothing.')
  }
}
