import { PlenaryError } from '@plenary/kinds'
import type { ErrorCode } from '@plenary/kinds'

/**
 * What can be wrong with a call to etcd. `unreachable`: no endpoint answered in time, and a write may have been carried out all
 * the same. `lease_gone`: the lease has run out or was revoked. `compacted`: the asked revision is no longer there. `refused`: etcd
 * does not take the call.
 */
export type EtcdTrouble = 'unreachable' | 'lease_gone' | 'compacted' | 'refused'

const CODES: Record<EtcdTrouble, ErrorCode> = {
  unreachable: 'unavailable',
  lease_gone: 'not_found',
  compacted: 'conflict',
  refused: 'internal',
}

/** A call to etcd that failed. */
export class EtcdError extends PlenaryError {
  readonly trouble: EtcdTrouble

  constructor(trouble: EtcdTrouble, message: string, cause?: unknown) {
    super(CODES[trouble], message, { cause })
    this.trouble = trouble
  }
}

/** Whether an error is this trouble with etcd. */
export function isTrouble(error: unknown, trouble: EtcdTrouble): boolean {
  return error instanceof EtcdError && error.trouble === trouble
}

/** Status codes of gRPC, as the gateway passes them on. */
const NOT_FOUND = 5
const OUT_OF_RANGE = 11
const PASSING = [1, 4, 8, 14]

/** The error that an answer of the gateway stands for. */
export function errorOf(status: number, code: number | undefined, message: string): EtcdError {
  if (code === NOT_FOUND) return new EtcdError('lease_gone', message)
  if (code === OUT_OF_RANGE) return new EtcdError('compacted', message)
  // etcd without a leader, out of time or out of room; another endpoint, or the same one later, may do it.
  if (code === undefined ? status >= 500 : PASSING.includes(code)) return new EtcdError('unreachable', message)
  return new EtcdError('refused', message)
}
