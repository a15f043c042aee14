import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { DEFAULT_ROLES, NODE_ROLES, SETTINGS, helpText, type NodeRole, type SettingName } from './settings.ts'
import { StartError } from './start-error.ts'
import { VERSION } from './version.ts'

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)

const isUrl = (value: string, protocols: readonly string[]) => {
  const url = URL.parse(value)
  return url !== null && protocols.includes(url.protocol) && url.hostname !== ''
}
const list = (valid: (value: string) => boolean, message: string) =>
  z
    .string()
    .transform((value) => value.split(',').map((each) => each.trim()))
    .refine((values) => values.every(valid), message)
const isOrigin = (value: string) =>
  isUrl(value, ['http:', 'https:']) && value.replace(/\/$/, '') === URL.parse(value)?.origin

const httpOrigin = z
  .string()
  .refine(isOrigin, 'must be like https://plenary.example, with no path')
  .transform((value) => new URL(value).origin)

const shape = z.strictObject({
  port: whole(0, 65_535).default(3000),
  host: z
    .string()
    .regex(/^[\w.:-]{1,255}$/, 'must be an address or a host name')
    .default('0.0.0.0'),
  data: z
    .string()
    .default('.data')
    .transform((value) => resolve(value)),
  publicUrl: httpOrigin.optional(),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'must be trace, debug, info, warn, error or silent')
    .default('info'),
  zone: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 lower-case letters, digits or dashes')
    .default('local'),
  trustProxy: whole(0, 9).default(0),
  mailUrl: z
    .string()
    .refine((value) => isUrl(value, ['smtp:', 'smtps:']), 'must be like smtp://user:password@mail.example:587')
    .optional(),
  mailFrom: z
    .string()
    .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an e-mail address')
    .optional(),
  oidcIssuer: z
    .string()
    .refine((value) => isUrl(value, ['http:', 'https:']), 'must be a URL like https://login.example')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  oidcClientId: z.string().optional(),
  oidcClientSecret: z.string().optional(),
  oidcName: z.string().max(40, 'must be at most 40 characters').default('Single sign-on'),
  redisUrl: z
    .string()
    .regex(
      /^(?:rediss?:\/\/[^\s,/]+|redis\+sentinel:\/\/[^\s/]+\/[\w.-]+)(?:\/\d+)?$/,
      'must be like redis://host:6379 or redis+sentinel://host:26379,host:26379/name',
    )
    .optional(),
  postgresUrl: z
    .string()
    .refine(
      (value) => isUrl(value, ['postgres:', 'postgresql:']),
      'must be like postgres://user:password@host:5432/plenary',
    )
    .optional(),
  etcdUrl: list(
    (value) => isUrl(value, ['http:', 'https:']),
    'must be like http://host:2379, several with commas',
  ).optional(),
  kafkaBrokers: list(
    (value) => /^[\w.-]+:\d{1,5}$/.test(value),
    'must be like host:9092, several with commas',
  ).optional(),
  nodeName: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 lower-case letters, digits or dashes')
    .optional(),
  roles: list(
    (value) => (NODE_ROLES as readonly string[]).includes(value),
    `must be some of ${NODE_ROLES.join(', ')}, with commas`,
  )
    .transform((roles) => roles as NodeRole[])
    .default([...DEFAULT_ROLES]),
  gatewayUrl: z
    .string()
    .refine((value) => isUrl(value, ['http:', 'https:']), 'must be like https://node-1.plenary.example')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  capacity: whole(1, 1_000_000).default(20_000),
  shards: whole(1, 4_096).default(64),
  scaleWith: z.enum(['processes', 'command'], 'must be processes or command').default('processes'),
  scaleUpCommand: z.string().optional(),
  scaleDownCommand: z.string().optional(),
  scaleMin: whole(1, 1_000).default(1),
  scaleMax: whole(1, 1_000).default(4),
  scaleCalm: whole(1, 86_400).default(300),
  scaleCoolDown: whole(1, 86_400).default(30),
  secretsFile: z
    .string()
    .transform((value) => resolve(value))
    .optional(),
} satisfies Record<SettingName, z.ZodType>)

/** Many nodes need all of these; one node needs none. */
const CLUSTER_ENGINES = ['redisUrl', 'postgresUrl', 'etcdUrl'] as const satisfies SettingName[]

/** Settings that make sense only together. */
const schema = shape.superRefine((config, context) => {
  const need = (name: SettingName, because: SettingName) => {
    if (config[because] !== undefined && config[name] === undefined)
      context.addIssue({ code: 'custom', path: [name], message: `is required when ${SETTINGS[because].env} is set` })
  }
  need('mailFrom', 'mailUrl')
  need('publicUrl', 'mailUrl')
  need('publicUrl', 'oidcIssuer')
  need('oidcClientId', 'oidcIssuer')
  need('oidcClientSecret', 'oidcIssuer')
  need('oidcIssuer', 'oidcClientId')
  need('oidcIssuer', 'oidcClientSecret')
  if (config.scaleWith === 'command') {
    need('scaleUpCommand', 'scaleWith')
    need('scaleDownCommand', 'scaleWith')
  }
  for (const engine of CLUSTER_ENGINES) {
    for (const other of CLUSTER_ENGINES) need(other, engine)
    need(engine, 'kafkaBrokers')
  }
})

/** Everything that can be set about a server; see `settings.ts` for the names and what they do. */
export type Config = z.output<typeof schema>

/** Where the engines of a cluster are. */
export interface ClusterEngines {
  redisUrl: string
  postgresUrl: string
  etcdUrls: readonly string[]
  /** Null without Kafka in front of PostgreSQL. */
  kafkaBrokers: readonly string[] | null
}

/** The engines that this node shares with others; null for a node that has everything in its own process. */
export function clusterEngines({ redisUrl, postgresUrl, etcdUrl, kafkaBrokers }: Config): ClusterEngines | null {
  if (redisUrl === undefined || postgresUrl === undefined || etcdUrl === undefined) return null
  return { redisUrl, postgresUrl, etcdUrls: etcdUrl, kafkaBrokers: kafkaBrokers ?? null }
}

/** What a command line asks for: to run with these settings, or only to say something. */
export type Invocation = { run: Config } | { print: string }

/** Reads flags and environment; a flag wins. Throws a {@link StartError} that names the wrong setting. */
export function readConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Invocation {
  const flags = readFlags(argv)
  if (flags['help'] === true) return { print: helpText() }
  if (flags['version'] === true) return { print: VERSION }

  const given: Record<string, string> = {}
  const asked = new Map<string, string>()
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const flag = 'flag' in setting ? flags[setting.flag] : undefined
    const value = typeof flag === 'string' ? flag : env[setting.env]?.trim()
    if (typeof flag === 'string') asked.set(name, `--${'flag' in setting ? setting.flag : ''}`)
    if (value !== undefined && (value !== '' || asked.has(name))) given[name] = value
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return { run: parsed.data }
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0]) as SettingName
  const setting = SETTINGS[name]
  const value = given[name]
  const got = value === undefined || 'secret' in setting ? '' : ` (got "${value}")`
  throw new StartError(`${asked.get(name) ?? setting.env} ${issue?.message ?? 'is not valid'}${got}.`)
}

/** A configuration from settings as they would stand in the environment, for tests and examples. */
export function configFrom(settings: Partial<Record<SettingName, string>> = {}): Config {
  return schema.parse(settings)
}

function readFlags(argv: readonly string[]): Record<string, string | boolean | undefined> {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'v' },
  }
  for (const setting of Object.values(SETTINGS)) if ('flag' in setting) options[setting.flag] = { type: 'string' }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/\.\s|\n/)[0] ?? '') : String(error)
    throw new StartError(`${message.replace(/\.$/, '')}. See --help.`, error)
  }
}
