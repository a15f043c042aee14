import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'

interface Provider extends AsyncDisposable {
  issuer: string
  /** What the next ID token carries beside the usual. */
  nonce: string | null
}

/** An OpenID Connect provider whose one user has signed in already. `forged` signs with a key that it does not publish. */
async function oidcProvider(forged = false): Promise<Provider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const signing = forged ? (await generateKeyPair('RS256')).privateKey : privateKey
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const provider = { issuer: '', nonce: null as string | null }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    const { issuer, nonce } = provider
    if (request.url === '/.well-known/openid-configuration') {
      return void json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      })
    }
    const claims = { sub: 'ada-1', email: 'ada@plenary.test', email_verified: true, name: 'Ada' }
    if (request.url === '/jwks') return void json({ keys: [jwk] })
    if (request.url === '/userinfo') return void json(claims)
    const idToken = await new SignJWT({ ...claims, ...(nonce !== null && { nonce }) })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience('plenary')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(signing)
    json({ access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: idToken })
  }

  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(provider, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** Goes through a sign-in as a browser does; answers with the cookies that it ends with. */
async function signIn(provider: Provider): Promise<string> {
  await using harness = await openHarness({
    publicUrl: 'http://plenary.test',
    oidcIssuer: provider.issuer,
    oidcClientId: 'plenary',
    oidcClientSecret: 'secret',
  })
  const asked = await harness.ask<{ url: string }>('POST', '/api/auth/sign-in/social', {
    body: { provider: 'oidc', callbackURL: '/account', disableRedirect: true },
    headers: { origin: 'http://plenary.test' },
  })
  expect(asked.status, JSON.stringify(asked.body)).toBe(200)
  const page = new URL(asked.body.url)
  expect(page.href.startsWith(`${provider.issuer}/authorize`)).toBe(true)
  expect(page.searchParams.get('redirect_uri')).toBe('http://plenary.test/api/auth/callback/oidc')
  expect(page.searchParams.get('code_challenge_method')).toBe('S256')
  provider.nonce = page.searchParams.get('nonce')
  const state = encodeURIComponent(page.searchParams.get('state') ?? '')
  const cookie = asked.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const back = await harness.ask('GET', `/api/auth/callback/oidc?code=good&state=${state}`, { headers: { cookie } })
  expect(back.status).toBe(302)
  return back.headers.getSetCookie().join()
}

test("somebody signs in at their house's own provider", async () => {
  await using provider = await oidcProvider()
  expect(await signIn(provider)).toMatch(/session_token=[^;]+/)
})

test('an ID token under a key that the provider does not publish signs nobody in', async () => {
  await using provider = await oidcProvider(true)
  expect(await signIn(provider)).not.toMatch(/session_token=[^;]+/)
})
