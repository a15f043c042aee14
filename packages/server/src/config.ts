import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SETTINGS, helpText, type SettingName } from './settings.ts'
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
} satisfies Record<SettingName, z.ZodType>)

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
})

/** Everything that can be set about a server; see `settings.ts` for the names and what they do. */
export type Config = z.output<typeof schema>

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
