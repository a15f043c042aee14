import { LIMITS } from '@plenary/kinds'
import type { Runtime } from '../runtime/runtime.ts'
import { within } from '../runtime/within.ts'
import type { RoomLog, ShardLog } from './log.ts'

/** Thrown in place of an answer that did not come in time. What the call did, or will still do, is not known. */
export class LogLate extends Error {
  override readonly name = 'LogLate'
}

/**
 * The same log, none of whose calls takes for ever (R7), whatever the adapter does: an append `LIMITS.appendMs`, any other
 * `LIMITS.logCallMs`. The call itself goes on, and what it does late is what an unknown outcome is: the next epoch is acquired behind
 * it or without it. An epoch that was acquired too late is not used; the next one is higher.
 */
export function limitedLog(inner: RoomLog, runtime: Runtime): RoomLog {
  const timed =
    <Args extends unknown[], T>(what: string, msMax: number, call: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      within(runtime, call(...args), msMax, () => new LogLate(`The log did not answer ${what} within ${msMax} ms.`))
  const { appendMs, logCallMs } = LIMITS
  const acquire = timed('an acquire', logCallMs, (shard: string, epoch: number) => inner.acquire(shard, epoch))

  const limitedShard = (own: ShardLog): ShardLog => ({
    shard: own.shard,
    epoch: own.epoch,
    append: timed('an append', appendMs, (batch) => own.append(batch)),
    find: timed('a search', logCallMs, (room, id) => own.find(room, id)),
    load: timed('a load', logCallMs, (room) => own.load(room)),
    ids: timed('for ids', logCallMs, (room, limit) => own.ids(room, limit)),
    snapshot: timed('a snapshot', logCallMs, (room, snapshot) => own.snapshot(room, snapshot)),
    deadlines: timed('for deadlines', logCallMs, () => own.deadlines()),
  })

  return {
    id: inner.id,
    epoch: timed('for an epoch', logCallMs, (shard) => inner.epoch(shard)),
    acquire: async (shard, epoch) => limitedShard(await acquire(shard, epoch)),
    head: timed('for a head', logCallMs, (room) => inner.head(room)),
    read: timed('a read', logCallMs, (room, slice) => inner.read(room, slice)),
    amendments: timed('for amendments', logCallMs, (room, amended) => inner.amendments(room, amended)),
    seqAt: timed('for a moment', logCallMs, (room, at) => inner.seqAt(room, at)),
    close: () => inner.close(),
  }
}
