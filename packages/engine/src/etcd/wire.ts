import { z } from 'zod'

/** The JSON of etcd's gateway: keys and values in base64, 64-bit numbers as strings, fields that are zero left out. */

/** A key as it stands in etcd. */
export interface KeyValue {
  key: string
  value: string
  /** The revision of its last change; 0 stands for a key that is not there. */
  modRevision: number
  /** '0' without a lease. */
  lease: string
}

/** A condition of a transaction. */
export type Compare =
  /** The key has not changed since; 0: it is not there. */
  | { key: string; modRevision: number }
  /** The key is there and hangs on this lease. */
  | { key: string; lease: string }
  /** The key is not there or hangs on another lease. */
  | { key: string; leaseNot: string }

export interface Put {
  key: string
  value: string
  lease?: string
}

export const encode = (text: string) => Buffer.from(text).toString('base64')
const decode = (base64: string) => Buffer.from(base64, 'base64').toString()

/** All keys that begin with this, as etcd takes a range. */
export function rangeOf(prefix: string): { key: string; range_end: string } {
  const end = Buffer.from(prefix)
  const last = end.length - 1
  end[last] = (end[last] ?? 0) + 1
  return { key: encode(prefix), range_end: end.toString('base64') }
}

export function encodePut({ key, value, lease }: Put): object {
  return { key: encode(key), value: encode(value), ...(lease === undefined ? {} : { lease }) }
}

export function encodeCompare(compare: Compare): object {
  const key = encode(compare.key)
  if ('modRevision' in compare) {
    return { key, target: 'MOD', result: 'EQUAL', mod_revision: String(compare.modRevision) }
  }
  if ('lease' in compare) return { key, target: 'LEASE', result: 'EQUAL', lease: compare.lease }
  return { key, target: 'LEASE', result: 'NOT_EQUAL', lease: compare.leaseNot }
}

const revision = z.coerce.number().int().default(0)
const header = z.object({ revision })
const keyValue = z
  .object({ key: z.string(), value: z.string().default(''), mod_revision: revision, lease: z.string().default('0') })
  .transform(({ key, value, mod_revision: modRevision, lease }): KeyValue => ({
    key: decode(key),
    value: decode(value),
    modRevision,
    lease,
  }))

export const rangeAnswer = z.object({ header, kvs: z.array(keyValue).default([]) })
export const writeAnswer = z.object({ header })
export const txnAnswer = z.object({ header, succeeded: z.boolean().default(false) })
export const grantAnswer = z.object({ ID: z.string() })
/** A lease that is gone has no time to live. */
export const keepAliveAnswer = z.object({ result: z.object({ TTL: z.coerce.number().default(0) }) })
/** Whole seconds; -1 for a lease that is gone. */
export const timeToLiveAnswer = z.object({ TTL: z.coerce.number().default(0) })
export const watchMessage = z.object({
  result: z.object({
    canceled: z.boolean().default(false),
    compact_revision: revision,
    events: z.array(z.object({ type: z.enum(['PUT', 'DELETE']).default('PUT'), kv: keyValue })).default([]),
  }),
})
export const failureAnswer = z.object({
  message: z.string().optional(),
  error: z.unknown(),
  code: z.number().optional(),
})
