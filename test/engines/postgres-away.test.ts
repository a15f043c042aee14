import { LIMITS } from '@plenary/kinds'
import type { Entry, SendAnswer } from '@plenary/kinds'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RoomLog } from '../../packages/engine/src/log/log.ts'
import { openPostgresLog } from '../../packages/engine/src/postgres.ts'
import { EVENT, startTestNode } from '../../packages/engine/src/testing/harness.ts'
import type { TestClient, TestNode } from '../../packages/engine/src/testing/harness.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'

const there = await ensurePostgres()

/** How long PostgreSQL is away; what must hold does not depend on it. */
const AWAY_MS = 6_000
const REFUSED_MS_MAX = 2_000
const AGAIN_MS_MAX = 5_000
const ROOMS = 8
const PEOPLE_PER_ROOM = 3
/** Below what a connection may send. */
const PAUSE_MS = 60

const FAULTS = ['stopped', 'killed', 'paused', 'unheard of on the wire'] as const
type Fault = (typeof FAULTS)[number]

/** A way to PostgreSQL on which everything can be lost without a word, also the word that it was lost. */
class Wire implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#take(socket))
  readonly #pairs = new Set<{ near: Socket; far: Socket; dead: boolean }>()
  readonly #port: number
  #dead = false

  constructor(port: number) {
    this.#port = port
  }

  async url(direct: string): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const url = new URL(direct)
    url.port = String((this.#server.address() as AddressInfo).port)
    return url.href
  }

  goDead(): void {
    this.#dead = true
    for (const pair of this.#pairs) pair.dead = true
  }

  /** For new connections; those from before stay dead. */
  comeBack(): void {
    this.#dead = false
  }

  #take(near: Socket): void {
    const far = connect(this.#port, '127.0.0.1')
    const pair = { near, far, dead: this.#dead }
    this.#pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (bytes) => void (pair.dead || to.write(bytes)))
      from.on('error', () => undefined)
      from.on('close', () => void (pair.dead || to.destroy()))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }
}

interface Sent {
  room: string
  id: string
  word: string
  /** When it was asked for the first time, and each answer with how long it took. */
  atMs: number
  answers: { answer: SendAnswer; atMs: number; tookMs: number }[]
}

/** Says one thing after the other, each until it is saved. */
async function talk(client: TestClient, room: string, all: Sent[], ended: () => boolean): Promise<void> {
  while (!ended()) {
    const sent: Sent = { room, id: randomUUID(), word: randomUUID(), atMs: performance.now(), answers: [] }
    all.push(sent)
    for (;;) {
      const askedMs = performance.now()
      const again = sent.answers.length > 0
      const answer = await client.send('say', { word: sent.word }, { room, id: sent.id, ...(again && { again }) })
      const atMs = performance.now()
      sent.answers.push({ answer, atMs, tookMs: atMs - askedMs })
      if (answer.ok) break
      await wait(answer.retryAfter ?? PAUSE_MS)
    }
    await wait(PAUSE_MS)
  }
}

async function whole(log: RoomLog, room: string): Promise<Entry[]> {
  const entries = await log.read(room as never, {
    after: 0,
    through: Number.MAX_SAFE_INTEGER,
    limit: 100_000,
    reader: 'all',
  })
  return entries.map(({ json }) => JSON.parse(json) as Entry)
}

describe.skipIf(there === null)('PostgreSQL away under load', () => {
  let server: PostgresEngine
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())

  const begin = async (fault: Fault, wire: Wire): Promise<void> => {
    if (fault === 'stopped') await server.stop()
    else if (fault === 'killed') await server.kill()
    else if (fault === 'paused') await server.pause()
    else wire.goDead()
  }
  const end = async (fault: Fault, wire: Wire): Promise<void> => {
    if (fault === 'paused') await server.resume()
    else if (fault === 'unheard of on the wire') wire.comeBack()
    else await server.restart()
  }

  test.for(FAULTS)(
    '[R1] [R3] [R7] [R8] PostgreSQL %s: temporary errors in time, commands again in time, each there once',
    { timeout: AWAY_MS + 60_000 },
    async (fault) => {
      await using wire = new Wire(server.port)
      const schema = `away_${randomBytes(6).toString('hex')}`
      const log = await openPostgresLog({ url: await wire.url(server.url), schema })
      const rooms = Array.from({ length: ROOMS }, (_, n) => `room-${n}`)
      const spec = { kind: 'tally', settings: {}, access: { event: EVENT } }
      const node: TestNode = await startTestNode({
        rooms: Object.fromEntries(rooms.map((room) => [room, spec])),
        wrapLog: () => log,
      })
      const sent: Sent[] = []
      let over = false
      try {
        const people = await Promise.all(
          rooms.flatMap((room) =>
            Array.from({ length: PEOPLE_PER_ROOM }, async (_, n) => {
              const client = await node.connect({ user: `${room}-${n}` as never })
              await client.join(room)
              return { client, room }
            }),
          ),
        )
        const talking = Promise.all(people.map(({ client, room }) => talk(client, room, sent, () => over)))
        await wait(1_000)
        const awayMs = performance.now()
        await begin(fault, wire)
        await wait(AWAY_MS)
        await end(fault, wire)
        const backMs = performance.now()
        await wait(AGAIN_MS_MAX)
        over = true
        await talking

        const answers = sent.flatMap((each) => each.answers)
        const refused = answers.flatMap(({ answer, tookMs }) => (answer.ok ? [] : [{ answer, tookMs }]))
        const unknown = refused.filter(({ answer }) => answer.reason === 'outcome_unknown')
        const slowest = Math.max(...answers.map(({ tookMs }) => tookMs))
        const firstAgain = new Map<string, number>()
        for (const { room, answers: own } of sent) {
          const saved = own.find(({ answer, atMs }) => answer.ok && atMs > backMs)?.atMs
          if (saved !== undefined) firstAgain.set(room, Math.min(firstAgain.get(room) ?? Infinity, saved))
        }
        const againMs = Math.max(...rooms.map((room) => (firstAgain.get(room) ?? Infinity) - backMs))
        const late = sent.filter(({ answers: own }) => own.length > 1 && own.at(-1)?.answer.ok === true)
        console.log(
          `${fault} for ${Math.round(backMs - awayMs)} ms: ${sent.length} commands, ${refused.length} refusals, ` +
            `${unknown.length} of them of unknown outcome, ${late.length} saved on asking again; ` +
            `slowest answer ${Math.round(slowest)} ms, first room again after ${Math.round(Math.min(...firstAgain.values()) - backMs)} ms, all after ${Math.round(againMs)} ms; ` +
            `outages logged ${node.counted('log_outages_total')}`,
        )
        expect(refused.length).toBeGreaterThan(0)
        expect(refused.filter(({ answer }) => !answer.temporary)).toEqual([])
        expect(slowest).toBeLessThan(REFUSED_MS_MAX)
        expect(againMs).toBeLessThan(AGAIN_MS_MAX)

        const direct = await openPostgresLog({ url: server.url, schema })
        for (const room of rooms) {
          const entries = await whole(direct, room)
          expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1))
          const bySeq = new Map(entries.map((entry) => [entry.seq, entry]))
          const own = sent.filter((each) => each.room === room)
          // Each command was saved in the end: so it is there once, where its answer says, and there is nothing else.
          for (const { word, answers: told } of own) {
            const last = told.at(-1)?.answer
            expect(last?.ok === true ? bySeq.get(last.seq)?.body : last).toEqual({ word })
          }
          expect(entries.filter(({ type }) => type === 'said')).toHaveLength(own.length)
        }
        await direct.close()
        expect(node.counted('log_outages_total')).toBeGreaterThan(0)
      } finally {
        over = true
        wire.comeBack()
        if (!server.running) await server.restart()
        await node[Symbol.asyncDispose]()
        await log.close()
      }
    },
  )

  test('[R7] one connection that has gone dead takes along those that nobody uses, so that the next call is made on a new one', async () => {
    await using wire = new Wire(server.port)
    const schema = `away_${randomBytes(6).toString('hex')}`
    const log = await openPostgresLog({ url: await wire.url(server.url), schema })
    const head = () => log.head('room-0' as never)
    await Promise.all(Array.from({ length: 10 }, head))
    wire.goDead()
    await expect(head()).rejects.toBeInstanceOf(Error)
    wire.comeBack()
    expect(await head()).toBe(0)
    await log.close()
  })

  test('the limits leave room for what the bar says', () => {
    expect(LIMITS.roomReadMs + LIMITS.appendSlowMs).toBeLessThan(REFUSED_MS_MAX)
    expect(LIMITS.commandWaitMs).toBeLessThan(REFUSED_MS_MAX)
  })
})
