import { ERRORS, PlenaryError, type ErrorCode, type api } from '@plenary/kinds'
import { readJson } from '../http/parse.ts'
import type { RequestFacts } from '../http/request-facts.ts'
import { oneNodeAtATime } from '../store/one-node.ts'
import { engineOf } from '../store/store.ts'
import { ADDRESS_HEADER, OIDC_PROVIDER, authOptions, type AuthDeps } from './auth-options.ts'

/** Somebody who signed in. */
export interface Account {
  id: string
  name: string
}

export interface Accounts {
  /** Ways to sign in beside e-mail and password. */
  readonly ways: api.ConfigAnswer['accounts']
  /** Answers everything under `/api/auth/`. */
  handle(request: Request, facts: RequestFacts): Promise<Response>
  /** Whom the request's cookie stands for. */
  signedIn(request: Request, facts: RequestFacts): Promise<Account | null>
}

/** Accounts through better-auth, in the platform's own database. It is loaded at the first use: attendees never need it. */
export function accounts(deps: AuthDeps): Accounts {
  let loading: Promise<Auth> | undefined

  function load(): Promise<Auth> {
    // A failure is not kept: the next request tries again.
    loading ??= loadAuth(deps).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }

  return {
    ways: {
      magicLink: deps.mailer !== null,
      oidc: deps.config.oidcIssuer === undefined ? [] : [{ id: OIDC_PROVIDER, name: deps.config.oidcName }],
    },
    async handle(request, facts) {
      const auth = await load()
      const body = request.method === 'POST' ? JSON.stringify(await readJson(request)) : null
      return await withOurFailures(await auth.handler(forAuth(request, facts, body)))
    },
    async signedIn(request, facts) {
      if (!request.headers.has('cookie')) return null
      const auth = await load()
      const session = await auth.api.getSession({ headers: forAuth(request, facts, null).headers })
      return session === null ? null : { id: session.user.id, name: session.user.name }
    },
  }
}

type Auth = Awaited<ReturnType<typeof loadAuth>>

async function loadAuth(deps: AuthDeps) {
  const [{ betterAuth }, { getMigrations }] = await Promise.all([
    import('better-auth'),
    import('better-auth/db/migration'),
  ])
  const options = await authOptions(deps)
  await oneNodeAtATime(deps.store, 'tables of accounts', async (db) => {
    const database = { db, type: engineOf(deps.store) }
    await (await getMigrations({ ...options, database })).runMigrations()
  })
  return betterAuth(options)
}

/** The same request under the origin that the client used, with the address as we know it and nobody else's word for it. */
function forAuth(request: Request, { origin, address }: RequestFacts, body: string | null): Request {
  const { pathname, search } = new URL(request.url)
  const headers = new Headers(request.headers)
  for (const name of [...headers.keys()]) if (name.startsWith('x-forwarded-')) headers.delete(name)
  headers.set(ADDRESS_HEADER, address)
  headers.delete('content-length')
  return new Request(`${origin}${pathname}${search}`, { method: body === null ? 'GET' : 'POST', headers, body })
}

/** Refusals in the one form that all have here; better-auth's own word for it becomes the `reason`. */
async function withOurFailures(response: Response): Promise<Response> {
  if (response.status < 400) return response
  const said = (await response.json().catch(() => ({}))) as { code?: unknown; message?: unknown }
  const code = codeOf(response.status)
  const retryAfterS = Number(response.headers.get('x-retry-after') ?? 0)
  const message = typeof said.message === 'string' ? said.message : 'This cannot be done.'
  throw new PlenaryError(code, message, {
    ...(typeof said.code === 'string' && { reason: said.code.toLowerCase() }),
    ...(retryAfterS > 0 && { retryAfter: retryAfterS * 1000 }),
  })
}

function codeOf(status: number): ErrorCode {
  const codes = Object.keys(ERRORS) as ErrorCode[]
  return codes.find((code) => ERRORS[code].status === status) ?? (status < 500 ? 'bad_request' : 'internal')
}
