/** What a node can do; `registry` is the HTTP interface with the web app. */
export const NODE_ROLES = ['gateway', 'owner', 'registry', 'writer', 'monitor', 'balancer', 'autoscaler'] as const
export type NodeRole = (typeof NODE_ROLES)[number]
/** Scaling is for those who ask for it. */
export const DEFAULT_ROLES: readonly NodeRole[] = NODE_ROLES.filter((role) => role !== 'autoscaler')

/** The names of all settings, the same for the command line, the environment and the help text. */
export const SETTINGS = {
  port: { env: 'PORT', flag: 'port', value: '<number>', help: 'port to listen on; 0 takes a free one (3000)' },
  host: {
    env: 'HOST',
    flag: 'host',
    value: '<address>',
    help: 'address to listen on; 0.0.0.0 lets the local network in (0.0.0.0)',
  },
  data: {
    env: 'PLENARY_DATA',
    flag: 'data',
    value: '<folder>',
    help: 'everything that is kept: database, log, keys (.data)',
  },
  publicUrl: {
    env: 'PUBLIC_URL',
    flag: 'public-url',
    value: '<url>',
    help: 'where people reach this server, when not at the address they typed',
  },
  logLevel: {
    env: 'LOG_LEVEL',
    flag: 'log-level',
    value: '<level>',
    help: 'trace, debug, info, warn, error or silent (info)',
  },
  zone: { env: 'ZONE', flag: 'zone', value: '<name>', help: 'region label of this node (local)' },
  trustProxy: {
    env: 'TRUST_PROXY',
    value: '<number>',
    help: 'how many proxies in front add X-Forwarded-For and -Proto (0)',
  },
  mailUrl: {
    env: 'MAIL_URL',
    value: '<url>',
    secret: true,
    help: 'smtp:// or smtps:// server; enables sign-in by e-mailed link',
  },
  mailFrom: { env: 'MAIL_FROM', value: '<address>', help: 'sender of those e-mails' },
  oidcIssuer: { env: 'OIDC_ISSUER', value: '<url>', help: 'OpenID Connect provider; enables single sign-on' },
  oidcClientId: { env: 'OIDC_CLIENT_ID', value: '<id>', help: 'this server at the provider' },
  oidcClientSecret: { env: 'OIDC_CLIENT_SECRET', value: '<secret>', secret: true, help: 'and its secret' },
  oidcName: { env: 'OIDC_NAME', value: '<text>', help: 'what the sign-in button calls it (Single sign-on)' },
  redisUrl: {
    env: 'REDIS_URL',
    value: '<url>',
    secret: true,
    help: 'many nodes: redis://host or redis+sentinel://host,host,host/name',
  },
  postgresUrl: { env: 'POSTGRES_URL', value: '<url>', secret: true, help: 'many nodes: postgres://user@host/database' },
  etcdUrl: { env: 'ETCD_URL', value: '<urls>', help: 'many nodes: http://host:2379, several with commas' },
  kafkaBrokers: { env: 'KAFKA_BROKERS', value: '<hosts>', help: 'a durable log in front of PostgreSQL: host:9092,…' },
  nodeName: {
    env: 'NODE_NAME',
    flag: 'node-name',
    value: '<name>',
    help: 'what this node is called, unlike all others',
  },
  roles: { env: 'ROLES', flag: 'roles', value: '<list>', help: `what this node does (${DEFAULT_ROLES.join(',')})` },
  gatewayUrl: { env: 'GATEWAY_URL', flag: 'gateway-url', value: '<url>', help: 'where clients reach this very node' },
  capacity: { env: 'CAPACITY', flag: 'capacity', value: '<number>', help: 'sockets this node takes (20000)' },
  shards: { env: 'SHARDS', value: '<number>', help: 'slots of rooms in a zone, the same on all nodes for ever (64)' },
  scaleWith: {
    env: 'SCALE_WITH',
    value: '<way>',
    help: 'the autoscaler starts nodes as local processes, or by command (processes)',
  },
  scaleUpCommand: {
    env: 'SCALE_UP_COMMAND',
    value: '<command>',
    help: 'starts the node $PLENARY_NODE in $PLENARY_ZONE',
  },
  scaleDownCommand: { env: 'SCALE_DOWN_COMMAND', value: '<command>', help: 'drains the node $PLENARY_NODE' },
  scaleMin: { env: 'SCALE_MIN', value: '<number>', help: 'fewest nodes in a zone (1)' },
  scaleMax: { env: 'SCALE_MAX', value: '<number>', help: 'most nodes in a zone (4)' },
  scaleCalm: {
    env: 'SCALE_CALM_SECONDS',
    value: '<number>',
    help: 'how long a zone is calm before a node is drained (300)',
  },
  scaleCoolDown: { env: 'SCALE_COOL_DOWN_SECONDS', value: '<number>', help: 'least time between two steps (30)' },
  secretsFile: {
    env: 'SECRETS_FILE',
    flag: 'secrets-file',
    value: '<file>',
    help: 'keys, one copy for all nodes (secrets.json in the data folder)',
  },
} as const

export type SettingName = keyof typeof SETTINGS

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.values(SETTINGS).map((setting) => {
    const flag = 'flag' in setting ? `--${setting.flag} ${setting.value}` : ''
    return `  ${flag.padEnd(24)}${setting.env.padEnd(20)}${setting.help}`
  })
  return [
    'Plenary: live events on one machine.',
    '',
    'Usage: npm start -- [flags]',
    '',
    `  ${'flag'.padEnd(24)}${'environment'.padEnd(20)}meaning (default)`,
    ...rows,
    `  ${'--help, --version'.padEnd(44)}print this, or the version`,
  ].join('\n')
}
