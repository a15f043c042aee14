import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Mirror } from '../../packages/engine/src/etcd/mirror.ts'
import { takeLease } from '../../packages/engine/src/etcd/lease.ts'
import { etcdClient, standForElection } from '../../packages/engine/src/etcd.ts'
import type { Election, EtcdClient, KeyEvent } from '../../packages/engine/src/etcd.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { until } from '../../packages/engine/src/testing/harness.ts'
import { ensureEtcd, startEtcd } from '../../scripts/engines/etcd.ts'
import type { EtcdEngine } from '../../scripts/engines/etcd.ts'
import { freePort } from '../../scripts/engines/ports.ts'

const TIMES = { ttlMs: 2_000, renewMs: 400, marginMs: 300 }
const runtime = realRuntime()
const logger = pino({ level: 'silent' })
const program = await ensureEtcd()
let roots = 0

/** Something on loopback that is not etcd. */
async function webServer(listener: RequestListener): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe.skipIf(program === null)('etcd', () => {
  let etcd: EtcdEngine
  let client: EtcdClient
  let root = ''
  beforeAll(async () => {
    etcd = await startEtcd()
    client = etcdClient({ endpoints: [etcd.url], runtime })
  })
  afterAll(async () => {
    client.close()
    await etcd[Symbol.asyncDispose]()
  })
  beforeEach(() => void (root = `/test-${++roots}`))

  /** All changes from now on, as they come. */
  async function watching(from: EtcdClient, prefix: string, signal: AbortSignal): Promise<KeyEvent[]> {
    const { revision } = await from.list(prefix)
    const seen: KeyEvent[] = []
    const run = async () => {
      for await (const events of from.watch(prefix, revision + 1, signal)) seen.push(...events)
    }
    void run()
    return seen
  }

  test('keys are read, listed by prefix and removed, in any alphabet', async () => {
    const revision = await client.put({ key: `${root}/ä`, value: 'größer ☂' })
    await client.put({ key: `${root}0`, value: 'a neighbour' })
    expect(await client.get(`${root}/ä`)).toEqual({
      key: `${root}/ä`,
      value: 'größer ☂',
      modRevision: revision,
      lease: '0',
    })
    expect((await client.list(`${root}/`)).items.map(({ key }) => key)).toEqual([`${root}/ä`])
    await client.remove(`${root}/`)
    expect(await client.get(`${root}/ä`)).toBeNull()
    expect(await client.get(`${root}0`)).not.toBeNull()
  })

  test('a transaction writes all or nothing, judged by revision and by lease', async () => {
    const lease = await client.grant(5_000)
    const key = `${root}/a`
    const first = await client.txn([{ key, modRevision: 0 }], [{ key, value: '1', lease }])
    expect(first.done).toBe(true)
    expect((await client.txn([{ key, modRevision: 0 }], [{ key, value: '2' }])).done).toBe(false)
    const both = [
      { key, value: '3', lease },
      { key: `${root}/b`, value: '3' },
    ]
    expect((await client.txn([{ key, lease: '77' }], both)).done).toBe(false)
    expect((await client.txn([{ key, leaseNot: lease }], both)).done).toBe(false)
    expect(await client.get(`${root}/b`)).toBeNull()
    const second = await client.txn(
      [
        { key, modRevision: first.revision },
        { key, lease },
        { key: `${root}/b`, leaseNot: '77' },
      ],
      both,
    )
    expect(second).toEqual({ done: true, revision: (await client.get(`${root}/b`))?.modRevision })
    await client.revoke(lease)
    expect(await client.get(key)).toBeNull()
    await client.revoke(lease)
    expect(await client.timeToLive(lease)).toBeNull()
  })

  test('what goes wrong says what it is', async () => {
    await expect(client.keepAlive('77')).rejects.toMatchObject({ trouble: 'lease_gone', code: 'not_found' })
    await expect(client.put({ key: root, value: '', lease: '77' })).rejects.toMatchObject({ trouble: 'lease_gone' })
    await expect(client.put({ key: '', value: '' })).rejects.toMatchObject({ trouble: 'refused', code: 'internal' })
    const nobody = etcdClient({ endpoints: [`http://127.0.0.1:${await freePort()}`], runtime })
    await expect(nobody.get('a')).rejects.toMatchObject({
      trouble: 'unreachable',
      code: 'unavailable',
      temporary: true,
    })
    await using other = await webServer((_, answer) => void answer.end('<p>Hello</p>'))
    const stranger = etcdClient({ endpoints: [other.url], runtime })
    await expect(stranger.get('a')).rejects.toMatchObject({ trouble: 'unreachable' })
    nobody.close()
    stranger.close()
  })

  test('an endpoint that is down or hangs is passed over, and not asked first again', async () => {
    await using hanging = await webServer(() => undefined)
    const endpoints = [`http://127.0.0.1:${await freePort()}`, `${hanging.url}/`, `${etcd.url}/`]
    const many = etcdClient({ endpoints, runtime, requestMs: 200 })
    const stop = new AbortController()
    try {
      await many.put({ key: `${root}/a`, value: '1' })
      const since = performance.now()
      expect((await many.get(`${root}/a`))?.value).toBe('1')
      expect(performance.now() - since).toBeLessThan(150)
      const seen = await watching(many, root, stop.signal)
      await many.put({ key: `${root}/a`, value: '2' })
      await until(() => seen.length === 1)
    } finally {
      stop.abort()
      many.close()
    }
  })

  test('a call to an etcd that hangs ends in time', async () => {
    const own = etcdClient({ endpoints: [etcd.url], runtime, requestMs: 300 })
    await etcd.pause()
    try {
      const since = performance.now()
      await expect(own.get(root)).rejects.toMatchObject({ trouble: 'unreachable' })
      expect(performance.now() - since).toBeLessThan(600)
    } finally {
      await etcd.resume()
      own.close()
    }
  })

  test('a watch brings every change once and in order, also over a restart of etcd', async () => {
    const stop = new AbortController()
    const seen = await watching(client, `${root}/`, stop.signal)
    try {
      for (let count = 0; count < 5; count++) await client.put({ key: `${root}/${count % 2}`, value: String(count) })
      await until(() => seen.length === 5)
      await etcd.kill()
      await etcd.restart()
      for (let count = 5; count < 10; count++) await client.put({ key: `${root}/${count % 2}`, value: String(count) })
      await client.remove(`${root}/`)
      await until(() => seen.length === 12)
      expect(seen.slice(0, 10).map(({ item }) => Number(item.value))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      expect(seen.slice(10).map(({ deleted }) => deleted)).toEqual([true, true])
    } finally {
      stop.abort()
    }
  })

  test('what is compacted away ends a watch, and a mirror reads everything anew', async () => {
    const at = await client.put({ key: `${root}/a`, value: '1' })
    await client.put({ key: `${root}/a`, value: '2' })
    const revision = await client.put({ key: `${root}/b`, value: '1' })
    const compaction = { method: 'POST', body: JSON.stringify({ revision: String(revision) }) }
    expect((await fetch(`${etcd.url}/v3/kv/compaction`, compaction)).ok).toBe(true)
    const stop = new AbortController()
    const missed = client.watch(root, at, stop.signal)
    await expect(missed.next()).rejects.toMatchObject({ trouble: 'compacted' })

    let watches = 0
    const late: EtcdClient = {
      ...client,
      // As if it had been away for so long.
      watch: (prefix, from, signal) => client.watch(prefix, watches++ === 0 ? at : from, signal),
    }
    const mirror = await Mirror.open({
      client: late,
      runtime,
      logger,
      prefix: `${root}/`,
      parse: (value) => (value === 'nonsense' ? null : value),
      changed: () => undefined,
      signal: stop.signal,
    })
    try {
      expect(mirror.get('a')?.value).toBe('2')
      await client.put({ key: `${root}/a`, value: '3' })
      await until(() => mirror.get('a')?.value === '3')
      expect(watches).toBe(2)
      await client.put({ key: `${root}/a`, value: 'nonsense' })
      await until(() => mirror.get('a')?.value === null)
      await client.remove(`${root}/a`)
      await until(() => mirror.items.size === 1)
    } finally {
      stop.abort()
    }
  })

  test('[R4] a lease lives while it is renewed, and ends here before it ends at etcd', async () => {
    let renewals = true
    const own: EtcdClient = {
      ...client,
      keepAlive: (lease) => (renewals ? client.keepAlive(lease) : new Promise(() => undefined)),
    }
    const lease = await takeLease({ client: own, runtime, logger, times: TIMES })
    const first = lease.validUntil()
    expect(first).toBeLessThanOrEqual(performance.now() + TIMES.ttlMs - TIMES.marginMs)
    await until(() => lease.validUntil() > first + TIMES.ttlMs, 2 * TIMES.ttlMs)
    renewals = false
    await until(() => lease.ended.aborted, TIMES.ttlMs)
    expect(lease.validUntil()).toBe(-Infinity)
    // Still there: others go by this.
    expect(await client.timeToLive(lease.id)).not.toBeNull()
  })

  test('[R4] a lease that etcd no longer knows has ended, and one that is ended is gone at etcd', async () => {
    const revoked = await takeLease({ client, runtime, logger, times: TIMES })
    await client.revoke(revoked.id)
    await until(() => revoked.ended.aborted, 2 * TIMES.renewMs)
    const ended = await takeLease({ client, runtime, logger, times: TIMES })
    expect(await client.timeToLive(ended.id)).not.toBeNull()
    await ended.end()
    expect(ended.validUntil()).toBe(-Infinity)
    expect(await client.timeToLive(ended.id)).toBeNull()
  })

  test('[R4] one candidate leads at a time, and another only when the one before surely does not', async () => {
    const terms: { node: string; from: number; to: number }[] = []
    const clients = new Map<string, EtcdClient>()
    const stand = (node: string): Election => {
      const own = etcdClient({ endpoints: [etcd.url], runtime })
      clients.set(node, own)
      return standForElection({
        client: own,
        runtime,
        logger,
        office: 'test',
        node,
        root,
        times: TIMES,
        async lead({ ended }) {
          const term = { node, from: performance.now(), to: Infinity }
          terms.push(term)
          await once(ended, 'abort')
          term.to = performance.now()
        },
      })
    }
    const elections = new Map(['a', 'b', 'c'].map((node) => [node, stand(node)]))
    const leaders = () => [...elections].filter(([, { isLeader }]) => isLeader).map(([node]) => node)
    try {
      await until(() => leaders().length === 1)
      const [first = ''] = leaders()
      clients.get(first)?.close()
      await until(() => terms.length === 2, TIMES.ttlMs + 2_000)
      const [second = ''] = leaders()
      expect(second).not.toBe(first)
      await elections.get(second)?.close()
      await until(() => terms.length === 3, 1_000)
      expect(leaders()).toHaveLength(1)
      for (const [at, { from }] of terms.entries()) expect(terms[at - 1]?.to ?? 0).toBeLessThanOrEqual(from)
    } finally {
      await Promise.all([...elections.values()].map((each) => each.close()))
      for (const each of clients.values()) each.close()
    }
    expect(leaders()).toEqual([])
  })
})
