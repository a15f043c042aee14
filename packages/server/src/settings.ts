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
