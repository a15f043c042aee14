import { setTimeout as wait } from 'node:timers/promises'
import { backoffMs } from '../../../packages/client/src/backoff.ts'
import { Book } from './book.ts'
import { LightClient, type LightPerson } from './client.ts'
import type { CrowdCount, CrowdOrder, CrowdReport } from './orders.ts'
import { failed, LightPlatform } from './platform.ts'

/** Those who come in at a time. */
const DOORS = 24
const ENTER_TRIES = 30
const LOOK_MS = 20

const book = new Book()
const clients: LightClient[] = []

async function enter(order: Extract<CrowdOrder, { do: 'enter' }>): Promise<LightPerson | null> {
  const { platform: url, code, people, part } = order
  const platform = new LightPlatform(url, `127.0.1.${part + 1}`)
  let [next, last]: [number, LightPerson | null] = [0, null]
  const door = async () => {
    while (next < people) {
      const name = `Light ${part}-${next++}`
      for (let tries = 0; ; tries++) {
        const answer = await platform.join(code, name)
        if (!failed(answer)) {
          const { pass, event, ticket, gateway } = answer
          last = { pass, event: event.id, room: event.rooms[0]?.id ?? '' }
          const client = new LightClient(platform, last, book)
          clients.push(client)
          client.start({ ticket, gateway })
          while (!client.live) await wait(LOOK_MS)
          break
        }
        if (!answer.temporary || tries >= ENTER_TRIES) throw new Error(`${name} was not let in: ${answer.message}`)
        await wait(backoffMs(tries, Math.random, answer.retryAfter))
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(DOORS, people) }, door))
  return last
}

function group(gateway: string): { struck: number; survivors: number } {
  for (const client of clients) client.group = client.gateway === gateway ? 'struck' : 'survivors'
  const struck = clients.filter((client) => client.group === 'struck').length
  return { struck, survivors: clients.length - struck }
}

const count = (): CrowdCount => ({ people: clients.length, live: clients.filter(({ live }) => live).length })

function report(): CrowdReport {
  const live = clients.filter((client) => client.live)
  const sum = (figure: (client: LightClient) => number) => clients.reduce((total, client) => total + figure(client), 0)
  const refusals: Record<string, number> = {}
  for (const client of clients) {
    for (const [code, times] of client.refusals) refusals[code] = (refusals[code] ?? 0) + times
  }
  const { user, system } = process.cpuUsage()
  return {
    ...count(),
    on: Object.fromEntries([...Map.groupBy(live, ({ gateway }) => gateway ?? '')].map(([on, all]) => [on, all.length])),
    againAt: live.filter(({ lostAt }) => lostAt > 0).map(({ liveAt }) => liveAt),
    refusals,
    resumes: sum(({ resumes }) => resumes),
    resets: sum(({ resets }) => resets),
    holes: sum(({ holes }) => holes),
    missing: sum(({ missing }) => Math.abs(missing)),
    latencies: book.latencies,
    cpuMs: (user + system) / 1_000,
  }
}

async function obey(order: CrowdOrder): Promise<unknown> {
  if (order.do === 'enter') return await enter(order)
  if (order.do === 'group') return group(order.gateway)
  if (order.do === 'count') return count()
  if (order.do === 'report') return report()
  return clients.reduce((least, { cursor }) => Math.min(least, cursor?.seq ?? 0), Number.MAX_SAFE_INTEGER)
}

process.on('message', ({ id, order }: { id: number; order: CrowdOrder }) => {
  obey(order).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
