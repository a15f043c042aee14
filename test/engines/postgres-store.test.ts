import type { EventId, RoomId, UserId } from '@plenary/kinds'
import { randomBytes, randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStore } from '../../packages/server/src/store/postgres.ts'
import { isDuplicate } from '../../packages/server/src/store/store.ts'
import { openHarness } from '../../packages/server/src/testing/harness.ts'
import type { Answer, Harness } from '../../packages/server/src/testing/harness.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'

const there = await ensurePostgres()
const AWAY_MS_MAX = 2_000
const OWN_PAGE = { origin: 'http://plenary.test' }

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const cookieOf = ({ headers }: Answer) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

describe.skipIf(there === null)('the store in PostgreSQL', () => {
  let server: PostgresEngine
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())

  /** Any number of nodes' stores over one set of tables. */
  function nodes() {
    const schema = `store_${randomBytes(6).toString('hex')}`
    return { schema, open: () => openPostgresStore({ url: server.url, schema }) }
  }

  test('nodes that start at the same time make the tables once, and see what the others write', async () => {
    const { open } = nodes()
    const stores = await Promise.all(Array.from({ length: 4 }, open))
    const harnesses = await Promise.all(stores.map((store) => openHarness({}, async () => store)))
    const { event } = await (harnesses[0] as Harness).createEvent('Everywhere')
    for (const harness of harnesses) {
      expect((await harness.join(event.code)).event).toMatchObject({ id: event.id, title: 'Everywhere' })
    }
    await Promise.all(harnesses.map((harness) => harness[Symbol.asyncDispose]()))
  })

  test('a row that exists already is told from every other error', async () => {
    const { open } = nodes()
    await using harness = await openHarness({}, open)
    const { store, events } = harness.platform
    const { event } = await harness.createEvent()
    const kept = await store.selectFrom('event').selectAll().where('id', '=', event.id).executeTakeFirstOrThrow()
    const row = { ...kept, created_at: Number(kept.created_at) }
    const sameId = await failureOf(
      store
        .insertInto('event')
        .values({ ...row, code: 'OTHER' })
        .execute(),
    )
    const sameCode = await failureOf(
      store
        .insertInto('event')
        .values({ ...row, id: randomUUID() as EventId })
        .execute(),
    )
    const orphan = {
      id: 'r' as RoomId,
      event_id: 'none' as EventId,
      place: 0,
      kind: 'chat',
      title: 'C',
      settings: '{}',
    }
    const foreignKey = await failureOf(store.insertInto('room').values(orphan).execute())
    expect([sameId, sameCode, foreignKey].map(isDuplicate)).toEqual([true, true, false])
    expect((await events.byId(event.id)).createdAt).toBe(row.created_at)
  })

  test('two owners who take each other’s role on two nodes at once leave one owner', async () => {
    const { open } = nodes()
    await using one = await openHarness({}, open)
    await using two = await openHarness({}, async () => one.platform.store)
    for (let round = 0; round < 10; round++) {
      const { event, pass, user } = await one.createEvent()
      const other = await one.person(event, pass, 'owner')
      const kept = await one.platform.events.byId(event.id)
      const demote = (harness: Harness, owner: UserId, target: UserId) =>
        harness.platform.people.change({ event: kept, me: { id: owner, name: 'Owner', role: 'owner' } }, target, {
          name: 'Former owner',
          role: 'attendee',
        })
      const outcomes = await Promise.allSettled([demote(one, user, other.user), demote(two, other.user, user)])
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      const owners = await one.platform.store
        .selectFrom('membership')
        .selectAll()
        .where('event_id', '=', event.id)
        .execute()
      expect(owners.filter(({ role }) => role === 'owner')).toHaveLength(1)
    }
  })

  test('accounts: two nodes make their tables at once; who signed up on one signs in on the other and claims what a guest made', async () => {
    const { open } = nodes()
    await using one = await openHarness({}, open)
    await using two = await openHarness({}, open)
    const credentials = { email: 'ada@plenary.test', password: 'correct horse battery' }
    const sign = (harness: Harness, way: string, body: object) =>
      harness.ask('POST', `/api/auth/sign-${way}/email`, { body, headers: OWN_PAGE })
    const [up, other] = await Promise.all([
      sign(one, 'up', { ...credentials, name: 'Ada' }),
      sign(two, 'up', { ...credentials, email: 'bob@plenary.test', name: 'Bob' }),
    ])
    expect([up.status, other.status], JSON.stringify([up.body, other.body])).toEqual([200, 200])
    const { pass } = await one.createEvent('Made by a guest')
    const back = await sign(two, 'in', credentials)
    expect(back.status).toBe(200)
    // Each harness signs with keys of its own, so the pass is claimed where it was made.
    const headers = { ...OWN_PAGE, cookie: cookieOf(up) }
    const claimed = await one.ask<{ pass: string }>('POST', '/api/account/pass', { body: { pass }, headers })
    expect(claimed.status).toBe(200)
    const mine = await one.ask<{ events: { title: string; role: string }[] }>('GET', '/api/events', {
      bearer: claimed.body.pass,
    })
    expect(mine.body.events).toMatchObject([{ title: 'Made by a guest', role: 'owner' }])
  })

  test('a schema of a newer version is refused with one line', async () => {
    const { open, schema } = nodes()
    await (await open()).destroy()
    const later = new Client(server.url)
    await later.connect()
    await later.query(`INSERT INTO ${schema}.plenary_migration VALUES ('999_later', '2030-01-01T00:00:00.000Z')`)
    await later.end()
    await expect(open()).rejects.toThrow(
      /^The database in PostgreSQL cannot be used: it was written by a newer Plenary\.$/,
    )
  })

  test('[R7] PostgreSQL away: requests fail within 2 s, none hangs; back again, they go on by themselves', async () => {
    const { open } = nodes()
    await using harness = await openHarness({}, open)
    const { store } = harness.platform
    const { event } = await harness.createEvent()
    await server.pause()
    for (let tries = 0; tries < 2; tries++) {
      const startedAt = performance.now()
      expect(await harness.platform.storeAnswers()).toBe(false)
      const writing = store.transaction().execute((tx) => tx.deleteFrom('revocation').execute())
      expect(await failureOf(writing)).toBeInstanceOf(Error)
      expect(performance.now() - startedAt).toBeLessThan(2 * AWAY_MS_MAX)
    }
    await server.resume()
    await expect.poll(() => harness.platform.storeAnswers()).toBe(true)
    expect((await harness.join(event.code)).event.id).toBe(event.id)
  })
})
