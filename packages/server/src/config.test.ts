import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { clusterEngines, configFrom, readConfig, type Config } from './config.ts'
import { SETTINGS } from './settings.ts'

const MAIL = {
  MAIL_URL: 'smtp://user:hunter2@mail.example',
  MAIL_FROM: 'a@b.example',
  PUBLIC_URL: 'https://plenary.example',
}
const OIDC = { OIDC_ISSUER: 'https://login.example', OIDC_CLIENT_ID: 'plenary', OIDC_CLIENT_SECRET: 'hunter2' }

const CLUSTER = {
  REDIS_URL: 'redis://:hunter2@localhost:6379',
  POSTGRES_URL: 'postgres://plenary:hunter2@localhost/plenary',
  ETCD_URL: 'http://localhost:2379,http://localhost:2380',
}

const MISTAKES: [what: string, argv: string[], env: Record<string, string>, line: string][] = [
  ['a port that is no number', [], { PORT: 'http' }, 'PORT must be a whole number from 0 to 65535 (got "http").'],
  ['a port too high', ['--port', '70000'], {}, '--port must be a whole number from 0 to 65535 (got "70000").'],
  ['an empty flag', ['--port', ''], {}, '--port must be a whole number from 0 to 65535 (got "").'],
  ['a host with a slash', [], { HOST: 'http://x' }, 'HOST must be an address or a host name (got "http://x").'],
  [
    'a public URL with a path',
    [],
    { PUBLIC_URL: 'https://a.b/c' },
    'PUBLIC_URL must be like https://plenary.example, with no path (got "https://a.b/c").',
  ],
  [
    'a public URL without a scheme',
    [],
    { PUBLIC_URL: 'a.b' },
    'PUBLIC_URL must be like https://plenary.example, with no path (got "a.b").',
  ],
  [
    'an unknown log level',
    ['--log-level', 'loud'],
    {},
    '--log-level must be trace, debug, info, warn, error or silent (got "loud").',
  ],
  ['a zone in capitals', [], { ZONE: 'EU' }, 'ZONE must be 1 to 32 lower-case letters, digits or dashes (got "EU").'],
  ['too many proxies', [], { TRUST_PROXY: 'yes' }, 'TRUST_PROXY must be a whole number from 0 to 9 (got "yes").'],
  [
    'a mail server by another protocol',
    [],
    { ...MAIL, MAIL_URL: 'http://user:hunter2@x' },
    'MAIL_URL must be like smtp://user:password@mail.example:587.',
  ],
  ['mail without a sender', [], { ...MAIL, MAIL_FROM: '' }, 'MAIL_FROM is required when MAIL_URL is set.'],
  [
    'mail with a sender that is none',
    [],
    { ...MAIL, MAIL_FROM: 'me' },
    'MAIL_FROM must be an e-mail address (got "me").',
  ],
  ['mail with links to nowhere', [], { ...MAIL, PUBLIC_URL: '' }, 'PUBLIC_URL is required when MAIL_URL is set.'],
  ['single sign-on without an address', [], OIDC, 'PUBLIC_URL is required when OIDC_ISSUER is set.'],
  ['half a provider', [], { OIDC_CLIENT_ID: 'x' }, 'OIDC_ISSUER is required when OIDC_CLIENT_ID is set.'],
  [
    'a provider without its secret',
    [],
    { ...OIDC, PUBLIC_URL: 'https://a.b', OIDC_CLIENT_SECRET: '' },
    'OIDC_CLIENT_SECRET is required when OIDC_ISSUER is set.',
  ],
  [
    'a provider that is no URL',
    [],
    { ...OIDC, OIDC_ISSUER: 'login' },
    'OIDC_ISSUER must be a URL like https://login.example (got "login").',
  ],
  ['half a cluster', [], { ...CLUSTER, ETCD_URL: '' }, 'ETCD_URL is required when REDIS_URL is set.'],
  ['Kafka alone', [], { KAFKA_BROKERS: 'localhost:9092' }, 'REDIS_URL is required when KAFKA_BROKERS is set.'],
  [
    'a Redis that is no Redis',
    [],
    { ...CLUSTER, REDIS_URL: 'http://:hunter2@x' },
    'REDIS_URL must be like redis://host:6379 or redis+sentinel://host:26379,host:26379/name.',
  ],
  [
    'a broker without a port',
    [],
    { ...CLUSTER, KAFKA_BROKERS: 'one,two' },
    'KAFKA_BROKERS must be like host:9092, several with commas (got "one,two").',
  ],
  [
    'an unknown role',
    ['--roles', 'gateway,king'],
    {},
    '--roles must be some of gateway, owner, registry, writer, monitor, balancer, autoscaler, with commas (got "gateway,king").',
  ],
  ['an unknown flag', ['--prot', '1'], {}, "Unknown option '--prot'. See --help."],
  ['a stray word', ['serve'], {}, "Unexpected argument 'serve'. See --help."],
]

test.each(MISTAKES)('%s is one line that names the setting', (_what, argv, env, line) => {
  expect(() => readConfig(argv, env)).toThrow(expect.objectContaining({ name: 'StartError', message: line }))
})

test('no mistake shows a secret', () => {
  for (const [, argv, env] of MISTAKES) {
    expect(() => readConfig(argv, env)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
    )
  }
})

test('nothing needs to be set', () => {
  expect(readConfig([], {})).toEqual({
    run: {
      port: 3000,
      host: '0.0.0.0',
      data: resolve('.data'),
      logLevel: 'info',
      zone: 'local',
      trustProxy: 0,
      oidcName: 'Single sign-on',
      roles: ['gateway', 'owner', 'registry', 'writer', 'monitor', 'balancer'],
      capacity: 20_000,
      shards: 64,
      scaleWith: 'processes',
      scaleMin: 1,
      scaleMax: 4,
      scaleCalm: 300,
      scaleCoolDown: 30,
    },
  })
})

test('a flag wins over the environment, and an empty variable is none', () => {
  const invocation = readConfig(['--port', '4000', '--data=/tmp/x'], { PORT: '5000', PLENARY_DATA: '/tmp/y', ZONE: '' })
  expect(invocation).toMatchObject({ run: { port: 4000, data: '/tmp/x', zone: 'local' } })
})

test('mail and single sign-on are taken when whole', () => {
  expect(readConfig([], { ...MAIL, ...OIDC, OIDC_ISSUER: 'https://login.example/' })).toMatchObject({
    run: { mailUrl: MAIL.MAIL_URL, publicUrl: 'https://plenary.example', oidcIssuer: 'https://login.example' },
  })
})

test('a cluster is taken when whole', () => {
  const { run } = readConfig([], { ...CLUSTER, KAFKA_BROKERS: 'a:1, b:2' }) as { run: Config }
  expect(clusterEngines(run)).toEqual({
    redisUrl: CLUSTER.REDIS_URL,
    postgresUrl: CLUSTER.POSTGRES_URL,
    etcdUrls: ['http://localhost:2379', 'http://localhost:2380'],
    kafkaBrokers: ['a:1', 'b:2'],
  })
  expect(clusterEngines(configFrom())).toBeNull()
})

test('help names every setting, and version is a version', () => {
  const help = readConfig(['--help'], {})
  for (const { env } of Object.values(SETTINGS)) expect(help).toHaveProperty('print', expect.stringContaining(env))
  expect(readConfig(['-v'], {})).toHaveProperty('print', expect.stringMatching(/^\d+\.\d+\.\d+$/))
})
