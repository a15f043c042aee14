import { queryOptions } from '@tanstack/react-query'
import type { Client } from '@plenary/client'
import type { api } from '@plenary/kinds'

/** The account's side of the platform, over its cookie. All throw `PlenaryError`. */

const NO_PASS = { bearer: null }

export interface Account {
  id: string
  name: string
  email: string
}

/** Who is signed in on this browser; null when nobody is. */
export const signedIn = (client: Client) =>
  queryOptions({
    queryKey: ['signed-in'],
    queryFn: async (): Promise<Account | null> => {
      const session = await client.http.get<{ user: Account } | null>('/api/auth/get-session', NO_PASS)
      return session?.user ?? null
    },
  })

export interface Credentials {
  email: string
  password: string
}

export async function signIn(client: Client, credentials: Credentials): Promise<void> {
  await client.http.post('/api/auth/sign-in/email', credentials, NO_PASS)
}

export async function signUp(client: Client, person: Credentials & { name: string }): Promise<void> {
  await client.http.post('/api/auth/sign-up/email', person, NO_PASS)
}

export async function signOut(client: Client): Promise<void> {
  await client.http.post('/api/auth/sign-out', {}, NO_PASS)
}

/** Sends an e-mail with a link that signs in. */
export async function sendMagicLink(client: Client, email: string): Promise<void> {
  await client.http.post('/api/auth/sign-in/magic-link', { email, callbackURL: '/account' }, NO_PASS)
}

/** The provider's own page, on which to sign in. */
export async function providerPage(client: Client, providerId: string): Promise<string> {
  const { url } = await client.http.post<{ url: string }>(
    '/api/auth/sign-in/social',
    { provider: providerId, callbackURL: '/account', disableRedirect: true },
    NO_PASS,
  )
  return url
}

/** Makes this device the account's: what it runs moves to the account, and it holds the account's pass from now on. */
export async function claimDevice(client: Client): Promise<{ name: string }> {
  const pass = client.pass()
  const answer = await client.http.post<{ pass: string; user: api.Me['id']; name: string }>(
    '/api/account/pass',
    pass === null ? {} : { pass },
    NO_PASS,
  )
  client.usePass(answer.pass)
  return { name: answer.name }
}
