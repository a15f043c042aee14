import type { z } from 'zod'
import type { Runtime } from '../runtime/runtime.ts'
import { Endpoints } from './endpoints.ts'
import { EtcdError, isTrouble } from './errors.ts'
import { watchRange } from './watch.ts'
import type { KeyEvent } from './watch.ts'
import {
  encode,
  encodeCompare,
  encodePut,
  grantAnswer,
  keepAliveAnswer,
  rangeAnswer,
  rangeOf,
  timeToLiveAnswer,
  txnAnswer,
  writeAnswer,
} from './wire.ts'
import type { Compare, KeyValue, Put } from './wire.ts'

export type { Compare, KeyValue, Put } from './wire.ts'
export type { KeyEvent } from './watch.ts'

/**
 * What Plenary needs of etcd, over its JSON gateway. Each call has a time-out, is tried at every endpoint, and throws EtcdError. A
 * write that ended `unreachable` may have been carried out, and one that was tried twice may have been carried out by the first try.
 */
export interface EtcdClient {
  get(key: string): Promise<KeyValue | null>
  /** All keys that begin with this, and the revision of which that is true. */
  list(prefix: string): Promise<{ revision: number; items: KeyValue[] }>
  /** The revision it has afterwards. Throws `lease_gone`. */
  put(put: Put): Promise<number>
  /** Removes all keys that begin with this. */
  remove(prefix: string): Promise<void>
  /** Writes all or, when a condition does not hold, nothing. `revision` is what the written keys have afterwards. Throws `lease_gone`. */
  txn(compares: readonly Compare[], puts: readonly Put[]): Promise<{ done: boolean; revision: number }>
  /** A new lease's id; etcd counts from when it hears of it, so not from before this call. */
  grant(ttlMs: number): Promise<string>
  /** Throws `lease_gone`. */
  keepAlive(lease: string): Promise<void>
  /** Ends a lease and removes its keys; one that has ended already is fine. */
  revoke(lease: string): Promise<void>
  /** Milliseconds that the lease still has, rounded down to seconds; null when it is gone. */
  timeToLive(lease: string): Promise<number | null>
  /**
   * All changes of keys that begin with this, from a revision on, none left out, each revision's together; goes on by itself after a
   * broken connection, until the signal ends it. Throws `compacted` when etcd no longer has what is missing.
   */
  watch(prefix: string, fromRevision: number, signal: AbortSignal): AsyncGenerator<KeyEvent[], void, undefined>
  /** Ends everything that is under way. */
  close(): void
}

export interface EtcdClientOptions {
  /** `http://host:port` of each member. */
  endpoints: readonly string[]
  runtime: Runtime
  /** So long one endpoint has for an answer. */
  requestMs?: number
}

/** Three endpoints, asked one after the other, still fit between two renewals of a lease and its end. */
const REQUEST_MS = 1_000

/** A client of the etcd at these endpoints. Connects when it is first used. */
export function etcdClient({ endpoints, runtime, requestMs = REQUEST_MS }: EtcdClientOptions): EtcdClient {
  const members = new Endpoints({ endpoints, runtime, requestMs })

  async function ask<T extends z.ZodType>(path: string, body: object, answer: T): Promise<z.output<T>> {
    const parsed = answer.safeParse(await members.ask(`/v3/${path}`, body))
    if (parsed.success) return parsed.data
    throw new EtcdError('refused', `What answered /v3/${path} is not etcd.`, parsed.error)
  }

  return {
    async get(key) {
      return (await ask('kv/range', { key: encode(key) }, rangeAnswer)).kvs[0] ?? null
    },
    async list(prefix) {
      const { header, kvs } = await ask('kv/range', rangeOf(prefix), rangeAnswer)
      return { revision: header.revision, items: kvs }
    },
    async put(put) {
      return (await ask('kv/put', encodePut(put), writeAnswer)).header.revision
    },
    async remove(prefix) {
      await ask('kv/deleterange', rangeOf(prefix), writeAnswer)
    },
    async txn(compares, puts) {
      const { header, succeeded } = await ask(
        'kv/txn',
        { compare: compares.map(encodeCompare), success: puts.map((put) => ({ request_put: encodePut(put) })) },
        txnAnswer,
      )
      return { done: succeeded, revision: header.revision }
    },
    async grant(ttlMs) {
      return (await ask('lease/grant', { TTL: String(Math.ceil(ttlMs / 1000)) }, grantAnswer)).ID
    },
    async keepAlive(lease) {
      const { result } = await ask('lease/keepalive', { ID: lease }, keepAliveAnswer)
      if (result.TTL <= 0) throw new EtcdError('lease_gone', 'The lease has run out.')
    },
    async revoke(lease) {
      try {
        await ask('lease/revoke', { ID: lease }, writeAnswer)
      } catch (error) {
        if (!isTrouble(error, 'lease_gone')) throw error
      }
    },
    async timeToLive(lease) {
      const { TTL } = await ask('lease/timetolive', { ID: lease }, timeToLiveAnswer)
      return TTL < 0 ? null : TTL * 1_000
    },
    watch: (prefix, fromRevision, signal) => watchRange(members, runtime, prefix, fromRevision, signal),
    close: () => members.close(),
  }
}
