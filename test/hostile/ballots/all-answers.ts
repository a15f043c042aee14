import { setTimeout as wait } from 'node:timers/promises'
import { unzipped } from '../../../packages/server/src/testing/unzipped.ts'
import type { Place } from '../stage.ts'
import type { Person } from './witness.ts'

interface Operation {
  parameters: { name: string; in: 'path' | 'query'; required: boolean }[]
  responses: Record<string, { content?: Record<string, unknown> }>
  security?: Record<string, never[]>[]
}
interface OpenApi {
  paths: Record<string, { get?: Operation }>
}

/** An answer as text; of an archive, all that is in it. */
export interface Told {
  path: string
  who: string
  status: number
  text: string
}

/**
 * All that the HTTP interface answers to these people, whatever route there is: each is asked with every value known for its
 * parameters. Routes that need something else are left out, and named.
 */
export async function allAnswers(
  { url }: Place,
  people: readonly Person[],
  known: Record<string, readonly string[]>,
): Promise<{ told: Told[]; leftOut: string[] }> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApi
  const told: Told[] = []
  const leftOut: string[] = []
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined) continue
    const needed = get.parameters.filter((parameter) => parameter.required)
    if (needed.some(({ name }) => known[name] === undefined)) {
      leftOut.push(path)
      continue
    }
    const addresses = needed.reduce<string[]>(
      (made, { name, in: place }) =>
        made.flatMap((each) => (known[name] ?? []).map((value) => fill(each, place, name, value))),
      [path],
    )
    const scheme = Object.keys(get.security?.[0] ?? {})[0]
    for (const address of addresses)
      for (const who of people) {
        const bearer = scheme === 'pass' ? who.pass : scheme === 'ticket' ? who.ticket : undefined
        if (bearer !== null) told.push({ path, who: who.name, ...(await asked(url + address, bearer)) })
      }
  }
  told.push({ path: '/metrics', who: 'anybody', ...(await asked(`${url}/metrics`, undefined)) })
  return { told, leftOut }
}

function fill(path: string, place: 'path' | 'query', name: string, value: string): string {
  if (place === 'path') return path.replace(`{${name}}`, encodeURIComponent(value))
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}

/** Asks again as often as it is told that it asks too much. */
async function asked(address: string, bearer: string | undefined): Promise<{ status: number; text: string }> {
  for (;;) {
    const answer = await fetch(address, bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (answer.status === 429) {
      await wait(Number(answer.headers.get('retry-after')) * 1_000)
      continue
    }
    const archive = answer.ok && answer.headers.get('content-type') === 'application/zip'
    return {
      status: answer.status,
      text: archive ? Object.entries(unzipped(bytes)).flat().join('\n') : Buffer.from(bytes).toString(),
    }
  }
}
