import type { BetterAuthOptions } from 'better-auth'
import type { Config } from '../config.ts'
import { engineOf, type Store } from '../store/store.ts'
import type { Mailer } from './mailer.ts'

/** The provider's id in sign-in addresses: `/api/auth/callback/oidc`. */
export const OIDC_PROVIDER = 'oidc'
/** Carries the client's address into better-auth; set by us on every request, whatever the client sent. */
export const ADDRESS_HEADER = 'x-plenary-address'

const PASSWORD_CHARS_MIN = 10
const LINK_MINUTES = 10
const SESSION_DAYS = 30

export interface AuthDeps {
  config: Config
  store: Store
  secret: string
  mailer: Mailer | null
  logger: { error: (fields: object, message: string) => void }
}

/** How accounts work. Imports what only some installations need only when they need it. */
export async function authOptions({ config, store, secret, mailer, logger }: AuthDeps): Promise<BetterAuthOptions> {
  const { APIError } = await import('better-auth/api')
  return {
    appName: 'Plenary',
    basePath: '/api/auth',
    ...(config.publicUrl !== undefined && { baseURL: config.publicUrl }),
    // Each request arrives under the origin where it was made, which `handle` has worked out.
    trustedOrigins: async (request) => [request === undefined ? undefined : new URL(request.url).origin],
    secret,
    database: { db: store, type: engineOf(store) },
    emailAndPassword: { enabled: true, minPasswordLength: PASSWORD_CHARS_MIN, autoSignIn: true },
    session: { expiresIn: SESSION_DAYS * 24 * 60 * 60 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 600,
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 60, max: 20 },
        '/sign-in/magic-link': { window: 60, max: 10 },
      },
    },
    advanced: {
      cookiePrefix: 'plenary',
      useSecureCookies: config.publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => logger.error({}, message) },
    // Refusals are answers; only what nobody foresaw is worth a line.
    onAPIError: {
      onError(error) {
        if (!(error instanceof APIError)) logger.error({ err: error }, 'a request about accounts failed')
      },
    },
    plugins: [
      ...(mailer === null ? [] : [await magicLinks(mailer)]),
      ...(config.oidcIssuer === undefined ? [] : [await oidc(config)]),
    ],
  }
}

async function magicLinks(mailer: Mailer) {
  const { magicLink } = await import('better-auth/plugins/magic-link')
  return magicLink({
    expiresIn: LINK_MINUTES * 60,
    storeToken: 'hashed',
    sendMagicLink: async ({ email, url }) => {
      await mailer.send({
        to: email,
        subject: 'Your sign-in link',
        text: `Sign in to Plenary by opening this link within ${LINK_MINUTES} minutes:\n\n${url}\n\nIf you did not ask for it, ignore this message.\n`,
      })
    },
  })
}

async function oidc({ oidcIssuer, oidcClientId = '', oidcClientSecret = '', oidcName }: Config) {
  const { genericOAuth } = await import('better-auth/plugins/generic-oauth')
  return genericOAuth({
    config: [
      {
        providerId: OIDC_PROVIDER,
        name: oidcName,
        discoveryUrl: `${oidcIssuer}/.well-known/openid-configuration`,
        requireIdTokenVerification: true,
        clientId: oidcClientId,
        clientSecret: oidcClientSecret,
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
      },
    ],
  })
}
