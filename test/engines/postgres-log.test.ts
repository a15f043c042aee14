import type { CommandId, RoomId } from '@plenary/kinds'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logContract } from '../../packages/engine/src/log/log.contract.ts'
import { Fenced } from '../../packages/engine/src/log/log.ts'
import type { RoomAppend, RoomLog, StoredEntry } from '../../packages/engine/src/log/log.ts'
import { openPostgresLog } from '../../packages/engine/src/postgres.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'

const there = await ensurePostgres()
const AWAY_MS_MAX = 2_000
const SHARD = 'z/0'
const ROOM = 'room-1' as RoomId
const OTHER = 'room-2' as RoomId
const NOW = Date.parse('2026-11-22T12:00:00Z')

function entry(seq: number, at = NOW): StoredEntry {
  return { seq, id: randomUUID() as CommandId, at, sees: 'everyone', about: null, json: `{"seq":${seq}}` }
}
function append(room: RoomId, after: number, count: number, at = NOW): RoomAppend {
  return { room, after, entries: Array.from({ length: count }, (_, n) => entry(after + n + 1, at)), deadline: null }
}
const everything = (log: RoomLog, room: RoomId) =>
  log.read(room, { after: 0, through: Number.MAX_SAFE_INTEGER, limit: 10_000, reader: 'all' })

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(5)
}
/** What it rejected with, and after how many milliseconds. */
async function failureOf(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now()
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  return { error, ms: performance.now() - startedAt }
}

describe.skipIf(there === null)('PostgreSQL', () => {
  let server: PostgresEngine
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())

  logContract('PostgreSQL', async () => {
    const { open, close } = logs()
    return { log: await open(), reopen: open, close }
  })

  /** Any number of nodes' logs over one set of tables. */
  function logs() {
    const schema = `log_${randomBytes(6).toString('hex')}`
    const opened: RoomLog[] = []
    return {
      schema,
      async open() {
        const log = await openPostgresLog({ url: server.url, schema })
        opened.push(log)
        return log
      },
      close: async () => void (await Promise.all(opened.map((log) => log.close()))),
      [Symbol.asyncDispose]: async () => void (await Promise.all(opened.map((log) => log.close()))),
    }
  }

  /** A connection of somebody else, which can hold locks as long as it likes. */
  async function stranger(schema: string) {
    // Within a transaction PostgreSQL says who waits as it was at the first look, so a second connection looks.
    const [client, watcher] = [new Client(server.url), new Client(server.url)]
    for (const each of [client, watcher]) {
      each.on('error', () => undefined)
      await each.connect()
    }
    await client.query(`SET search_path = ${schema}`)
    const waiters = `FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'plenary'`
    return {
      query: async (text: string) => (await client.query<Record<string, unknown>>(text)).rows,
      /** Resolves when so many statements wait for a lock. */
      waiting: (count: number) =>
        until(
          async () => (await watcher.query<{ n: number }>(`SELECT count(*)::int AS n ${waiters}`)).rows[0]?.n === count,
        ),
      /** Ends the connections of those that wait for a lock. */
      cut: async () => void (await watcher.query(`SELECT pg_terminate_backend(pid) ${waiters}`)),
      [Symbol.asyncDispose]: async () => void (await Promise.all([client.end(), watcher.end()])),
    }
  }

  describe('[R4] of two owners', () => {
    test('an append that waits in mid-transaction keeps the next owner waiting, and is then in what that one finds', async () => {
      await using nodes = logs()
      const [one, two] = [await nodes.open(), await nodes.open()]
      await using blocker = await stranger(nodes.schema)
      const old = await one.acquire(SHARD, 1)
      await old.append([append(ROOM, 0, 1)])
      await blocker.query(`BEGIN; SELECT FROM room WHERE id = '${ROOM}' FOR UPDATE`)
      const last = old.append([append(ROOM, 1, 2), append(OTHER, 0, 1)])
      await blocker.waiting(1)
      const next = two.acquire(SHARD, 2)
      await blocker.waiting(2)
      await blocker.query('COMMIT')
      await Promise.all([last, next])
      expect(await two.head(ROOM)).toBe(3)
      await expect(old.append([append(OTHER, 1, 1)])).rejects.toBeInstanceOf(Fenced)
      await (await next).append([append(OTHER, 1, 1)])
      expect(await one.head(OTHER)).toBe(2)
    })

    test.for([
      ['COMMIT', 1],
      ['ROLLBACK', 2],
    ] as const)('an append that meets an epoch being raised waits for its outcome: %s', async ([outcome, head]) => {
      await using nodes = logs()
      const log = await nodes.open()
      await using raiser = await stranger(nodes.schema)
      const owner = await log.acquire(SHARD, 1)
      await owner.append([append(ROOM, 0, 1)])
      await raiser.query(`BEGIN; UPDATE shard SET epoch = 2 WHERE id = '${SHARD}'`)
      const meeting = failureOf(owner.append([append(ROOM, 1, 1), append(OTHER, 0, 1)]))
      await raiser.waiting(1)
      await raiser.query(outcome)
      const { error } = await meeting
      if (outcome === 'COMMIT') expect(error).toBeInstanceOf(Fenced)
      else expect(error).toBeNull()
      expect([await log.head(ROOM), await log.head(OTHER)]).toEqual([head, head - 1])
    })

    test('what the first had accepted is there when the second has the shard, and nothing comes after that, however they race', async () => {
      await using nodes = logs()
      const [one, two] = [await nodes.open(), await nodes.open()]
      const seen = { accepted: 0, fenced: 0 }
      for (let round = 0; round < 60; round++) {
        const room = `race-${round}` as RoomId
        const old = await one.acquire(SHARD, round * 2 + 1)
        const racing = Array.from({ length: 4 }, (_, n) =>
          failureOf(old.append([append(`${room}-${n}` as RoomId, 0, 2)])),
        )
        const next = await two.acquire(SHARD, round * 2 + 2)
        const heads = () => Promise.all(racing.map((_, n) => two.head(`${room}-${n}` as RoomId)))
        const found = await heads()
        const outcomes = await Promise.all(racing)
        expect(await heads()).toEqual(found)
        for (const [n, { error }] of outcomes.entries()) {
          expect(found[n]).toBe(error === null ? 2 : 0)
          if (error !== null) expect(error).toBeInstanceOf(Fenced)
          seen[error === null ? 'accepted' : 'fenced']++
        }
        await next.append([append(room, 0, 1)])
      }
      // Both came about, or this has shown nothing.
      expect(Math.min(seen.accepted, seen.fenced)).toBeGreaterThan(0)
    })

    test('[R2] two who hold one epoch by mistake still write each place of a room once', async () => {
      await using nodes = logs()
      const log = await nodes.open()
      await using blocker = await stranger(nodes.schema)
      const owner = await log.acquire(SHARD, 1)
      await owner.append([append(ROOM, 0, 1)])
      await blocker.query(`BEGIN; SELECT FROM room WHERE id = '${ROOM}' FOR UPDATE`)
      // At different times, so that no key of the table tells the two from each other.
      const both = Promise.allSettled([
        owner.append([append(ROOM, 1, 1, NOW + 1)]),
        owner.append([append(ROOM, 1, 1, NOW + 2)]),
      ])
      await blocker.waiting(2)
      await blocker.query('COMMIT')
      expect((await both).map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect((await everything(log, ROOM)).map(({ seq }) => seq)).toEqual([1, 2])
    })
  })

  test('[R1] a connection cut in mid-append leaves the outcome unknown, which is not the end of an epoch', async () => {
    await using nodes = logs()
    const log = await nodes.open()
    await using blocker = await stranger(nodes.schema)
    const owner = await log.acquire(SHARD, 1)
    await owner.append([append(ROOM, 0, 1)])
    await blocker.query(`BEGIN; SELECT FROM room WHERE id = '${ROOM}' FOR UPDATE`)
    const cut = failureOf(owner.append([append(ROOM, 1, 1)]))
    await blocker.waiting(1)
    await blocker.cut()
    const { error } = await cut
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(Fenced)
    await blocker.query('COMMIT')
    await owner.append([append(ROOM, 1, 1)])
    expect(await log.head(ROOM)).toBe(2)
  })

  test('[R1] an append that waits too long for a lock fails, and leaves nothing', async () => {
    await using nodes = logs()
    const log = await nodes.open()
    await using blocker = await stranger(nodes.schema)
    const owner = await log.acquire(SHARD, 1)
    await owner.append([append(ROOM, 0, 1)])
    await blocker.query(`BEGIN; SELECT FROM room WHERE id = '${ROOM}' FOR UPDATE`)
    const { error, ms } = await failureOf(owner.append([append(OTHER, 0, 1), append(ROOM, 1, 1)]))
    expect(error).toBeInstanceOf(Error)
    expect(ms).toBeLessThan(AWAY_MS_MAX)
    await blocker.query('COMMIT')
    expect([await log.head(ROOM), await log.head(OTHER)]).toEqual([1, 0])
  })

  test('[R1] after the server was killed in mid-append, batches are whole or absent, and those that were accepted are there', async () => {
    await using nodes = logs()
    const log = await nodes.open()
    const rooms = Array.from({ length: 8 }, (_, n) => `killed-${n}`)
    let [epoch, cut] = [0, 0]
    for (let round = 0; round < 3; round++) {
      epoch++
      const accepted = await Promise.all(
        rooms.map(async (name) => {
          const shard = await log.acquire(name, epoch)
          let after = await log.head(name as RoomId)
          return { shard, name, next: () => after, more: (count: number) => (after += count) }
        }),
      )
      let appends = 0
      const owners = Promise.allSettled(
        accepted.map(async ({ shard, name, next, more }) => {
          for (;;) {
            const twin = `${name}-twin` as RoomId
            await shard.append([append(name as RoomId, next(), 20), append(twin, next(), 20)])
            more(20)
            appends++
          }
        }),
      )
      await until(async () => appends > 50)
      await server.kill()
      const ended = await owners
      cut += ended.filter(({ status }) => status === 'rejected').length
      await server.restart()
      for (const { name, next } of accepted) {
        const [own, twin] = [await everything(log, name as RoomId), await everything(log, `${name}-twin` as RoomId)]
        expect([next(), next() + 20]).toContain(own.length)
        expect(twin).toHaveLength(own.length)
        expect(own.map(({ seq }) => seq)).toEqual(own.map((_, n) => n + 1))
        expect(await log.head(name as RoomId)).toBe(own.length)
      }
    }
    expect(cut).toBe(3 * rooms.length)
  })

  test('[R7] PostgreSQL away: every call fails within 2 s, none hangs; back again, it goes on by itself', async () => {
    await using nodes = logs()
    const log = await nodes.open()
    const owner = await log.acquire(SHARD, 1)
    await owner.append([append(ROOM, 0, 1)])
    const calls = () => [
      owner.append([append(OTHER, 0, 1)]),
      owner.load(ROOM),
      owner.snapshot(ROOM, { seq: 1, version: 1, state: '{}' }),
      log.acquire('z/9', 1),
      ...Array.from({ length: 12 }, () => log.head(ROOM)),
    ]
    for (const away of ['paused', 'stopped'] as const) {
      if (away === 'paused') await server.pause()
      else await server.stop()
      // First on the connections that it had, then on new ones.
      for (let tries = 0; tries < 2; tries++) {
        for (const { error, ms } of await Promise.all(calls().map(failureOf))) {
          expect(error).toBeInstanceOf(Error)
          expect(error).not.toBeInstanceOf(Fenced)
          expect(ms).toBeLessThan(AWAY_MS_MAX + 200)
        }
      }
      if (away === 'paused') await server.resume()
      else await server.restart()
      await until(async () => (await failureOf(log.head(ROOM))).error === null)
      expect(await log.head(ROOM)).toBe(1)
    }
    // What was asked of it while it stood still may have been carried out since.
    await (await log.acquire(SHARD, 2)).append([append(ROOM, 1, 1)])
    expect(await log.head(ROOM)).toBe(2)
  })

  describe('months', () => {
    const MONTHS = [
      '2026-11-30T23:59:59.999Z',
      '2026-12-01T00:00:00.000Z',
      '2027-01-15T00:00:00Z',
      '2028-02-29T12:00:00Z',
    ].map(Date.parse)
    const parts = async (schema: string) => {
      await using client = await stranger(schema)
      const rows = await client.query(
        `SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'entry'::regclass`,
      )
      return rows.map(({ part }) => String(part))
    }

    test('[R2] a room goes on over months, and is read as one', async () => {
      await using nodes = logs()
      const log = await nodes.open()
      const owner = await log.acquire(SHARD, 1)
      const entries = MONTHS.map((at, n) => ({ ...entry(n + 1, at), about: n === 0 ? null : 1 }))
      await owner.append([{ room: ROOM, after: 0, entries, deadline: null }])
      const slice = { after: 0, through: 4, reader: 'all' } as const
      expect(await log.read(ROOM, { ...slice, limit: 10 })).toEqual(entries)
      expect(await log.read(ROOM, { ...slice, limit: 2, newestFirst: true })).toEqual(entries.slice(2))
      expect(await log.amendments(ROOM, { subjects: [1], after: 2, limit: 10, reader: 'all' })).toEqual(
        entries.slice(2),
      )
      expect(await Promise.all(MONTHS.map((at) => log.seqAt(ROOM, at)))).toEqual([1, 2, 3, 4])
      expect((await owner.ids(ROOM, 3)).map(({ seq }) => seq)).toEqual([2, 3, 4])
      expect(await owner.find(ROOM, entries[2]?.id ?? ('' as CommandId))).toBe(3)
      expect(await parts(nodes.schema)).toEqual(
        expect.arrayContaining(['entry_2026_11', 'entry_2026_12', 'entry_2027_01', 'entry_2028_02']),
      )
    })

    test('the month after the one that is written to is made ahead; many nodes at once do not disturb each other', async () => {
      await using nodes = logs()
      const opened = await Promise.all(Array.from({ length: 4 }, () => nodes.open()))
      expect(new Set(opened.map(({ id }) => id)).size).toBe(1)
      const at = Date.parse('2030-12-31T00:00:00Z')
      await Promise.all(
        opened.map(
          async (log, n) => await (await log.acquire(`z/${n}`, 1)).append([append(`months-${n}` as RoomId, 0, 1, at)]),
        ),
      )
      await until(async () => (await parts(nodes.schema)).includes('entry_2031_01'))
    })

    test('a month that was taken away fails one append, and is made again for the next', async () => {
      await using nodes = logs()
      const log = await nodes.open()
      await using operator = await stranger(nodes.schema)
      const owner = await log.acquire(SHARD, 1)
      const at = Date.parse('2029-05-01T00:00:00Z')
      await owner.append([append(ROOM, 0, 1, at)])
      await until(async () => (await parts(nodes.schema)).includes('entry_2029_06'))
      await operator.query('DROP TABLE entry_2029_06')
      const june = append(OTHER, 0, 1, Date.parse('2029-06-10T00:00:00Z'))
      await expect(owner.append([june])).rejects.toThrow(/no partition/)
      expect(await log.head(OTHER)).toBe(0)
      await owner.append([june])
      expect(await log.head(OTHER)).toBe(1)
    })
  })

  test('tables of a newer version are refused with one line', async () => {
    await using nodes = logs()
    await nodes.open()
    await using later = await stranger(nodes.schema)
    await later.query(`UPDATE meta SET value = '99' WHERE key = 'version'`)
    await expect(nodes.open()).rejects.toThrow(
      /^The log was written by a newer Plenary \(tables 99, this knows \d+\)\.$/,
    )
  })

  test('100 shards append at once', async () => {
    await using nodes = logs()
    const log = await nodes.open()
    const owners = await Promise.all(Array.from({ length: 100 }, (_, n) => log.acquire(`many/${n}`, 1)))
    const rounds = 20
    const [startedAt, latencies] = [performance.now(), [] as number[]]
    await Promise.all(
      owners.map(async (owner, n) => {
        for (let round = 0; round < rounds; round++) {
          const askedAt = performance.now()
          await owner.append([append(`many-${n}` as RoomId, round * 10, 10)])
          latencies.push(performance.now() - askedAt)
        }
      }),
    )
    const seconds = (performance.now() - startedAt) / 1000
    latencies.sort((a, b) => a - b)
    const at = (share: number) => `${(latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1)} ms`
    const rate = (count: number) => Math.round(count / seconds)
    console.log(
      `PostgreSQL, 100 shards: ${rate(latencies.length)} appends/s, ${rate(latencies.length * 10)} entries/s; p50 ${at(0.5)}, p99 ${at(0.99)}`,
    )
    expect(await log.head('many-99' as RoomId)).toBe(rounds * 10)
  })
})
