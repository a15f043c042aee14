import { RequestError, type HttpBindings } from '@hono/node-server'
import { PlenaryError, toFailure, ERRORS } from '@plenary/kinds'
import { Hono, type Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Platform } from '../platform.ts'
import { hasBody, openApiDocument } from './openapi.ts'
import { originPolicy } from './origin.ts'
import { readJson } from './parse.ts'
import { requestFacts } from './request-facts.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'
import { SECURITY_HEADERS, securityHeaders } from './security-headers.ts'
import type { StaticFiles } from './static-files.ts'

interface Env {
  Bindings: Partial<HttpBindings>
  /** `route`: what the figures call it. */
  Variables: { route?: string }
}

/** The whole HTTP surface. Every refusal, wherever it comes from, leaves through `refuse`. */
export function createApp(platform: Platform, files: StaticFiles): Hono<Env> {
  const app = new Hono<Env>()
  const mayAsk = originPolicy(platform.config.publicUrl)
  const factsOf = (context: Context<Env>) => requestFacts(context.req.raw, context.env, platform.config.trustProxy)

  app.use(measure)
  app.use(securityHeaders)
  app.use(async (context, next) => {
    const { method } = context.req
    const origin = context.req.header('origin')
    const host = new URL(factsOf(context).origin).host
    if (method !== 'GET' && method !== 'HEAD' && !mayAsk(origin, host)) {
      throw new PlenaryError('forbidden', 'Requests from other sites are not taken.')
    }
    await next()
  })
  for (const route of ROUTES) app.on(route.method.toUpperCase(), honoPath(route), (context) => serve(context, route))
  const document = openApiDocument(ROUTES)
  app.get('/api/openapi.json', (context) => context.json(document))
  app.get('/metrics', async (context) => {
    const { contentType, text } = await platform.metrics.expose()
    return context.body(text, 200, { 'content-type': contentType })
  })
  app.on(['GET', 'POST'], '/api/auth/*', (context) => {
    context.set('route', 'auth')
    return platform.accounts.handle(context.req.raw, factsOf(context))
  })
  app.all('/api/*', () => {
    throw new PlenaryError('not_found', 'There is no such address in the API.')
  })
  app.get('/*', (context) => {
    context.set('route', 'static')
    return files.serve(context.req.raw)
  })
  app.notFound(() => {
    throw new PlenaryError('not_found', 'There is nothing at this address.')
  })
  app.onError((error, context) => refuse(error, context))
  return app

  async function serve(context: Context<Env>, route: Route): Promise<Response> {
    context.set('route', route.name)
    const answer = await route.serve(platform, {
      params: context.req.param(),
      query: context.req.query(),
      body: hasBody(route) && route.takes === undefined ? await readJson(context.req.raw) : undefined,
      facts: factsOf(context),
      request: context.req.raw,
      bearer: bearerOf(context.req.header('authorization')),
    })
    if (answer instanceof Response) return answer
    context.header('cache-control', 'no-store')
    return context.json(answer, route.status)
  }

  function refuse(error: Error, context: Context<Env>): Response {
    if (!(error instanceof PlenaryError)) {
      platform.logger.error({ err: error, method: context.req.method, path: context.req.path }, 'a request failed')
    }
    const failure = toFailure(error)
    if (failure.retryAfter !== undefined) context.header('retry-after', String(Math.ceil(failure.retryAfter / 1000)))
    context.header('cache-control', 'no-store')
    return context.json(failure, ERRORS[failure.code].status as ContentfulStatusCode)
  }

  async function measure(context: Context<Env>, next: () => Promise<void>): Promise<void> {
    const began = performance.now()
    await next()
    const route = context.get('route') ?? 'other'
    platform.metrics.request(route, context.res.status, (performance.now() - began) / 1000)
  }
}

/** For requests so broken that they do not become a `Request`: an impossible host or address. */
export function refuseUnreadable(error: unknown): Response {
  const failure =
    error instanceof RequestError ? toFailure(new PlenaryError('bad_request', error.message)) : toFailure(error)
  return Response.json(failure, { status: ERRORS[failure.code].status, headers: SECURITY_HEADERS })
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer ([\w.~-]+)$/i.exec(authorization ?? '')?.[1]
}

function honoPath(route: Route): string {
  return route.path.replaceAll(/\{(\w+)\}/g, ':$1')
}
