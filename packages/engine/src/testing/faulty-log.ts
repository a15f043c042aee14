import type { RoomAppend, RoomLog, ShardLog } from '../log/log.ts'

/** Where an append breaks: nothing was written, or all was and only the answer is lost. */
export type AppendFault = 'before' | 'after'

/** A log that stands between the engine and a real one, and does what logs do on a bad day. */
export interface FaultyLog extends RoomLog {
  /** Appends that began, in their order. */
  readonly appends: readonly (readonly RoomAppend[])[]
  /** Appends that are being held now. */
  readonly held: number
  /** The next appends break, each in its way, with an unknown outcome for the asker. */
  failNext(...faults: AppendFault[]): void
  /** Appends from now on wait, before they are written, until the function that is given back is called. */
  hold(): () => void
  /** Whatever is held goes on. */
  letGo(): void
  /** Acquiring breaks while this is set. */
  refuseAcquire: boolean
  /** Loading a room breaks while this is set. */
  refuseLoad: boolean
  /** How often a load was refused. */
  readonly refusals: number
}

/** What an append of unknown outcome is rejected with; anything but `Fenced`. */
class AppendBroken extends Error {
  override readonly name = 'AppendBroken'
}

export function faultyLog(inner: RoomLog): FaultyLog {
  const appends: (readonly RoomAppend[])[] = []
  const faults: AppendFault[] = []
  let gate: Promise<void> | null = null
  let open: () => void = () => {}
  let held = 0
  let refusals = 0

  async function append(shard: ShardLog, batch: readonly RoomAppend[]): Promise<void> {
    appends.push(batch)
    if (gate !== null) {
      held++
      await gate
      held--
    }
    const fault = faults.shift()
    if (fault === 'before') throw new AppendBroken('The append broke before anything was written.')
    await shard.append(batch)
    if (fault === 'after') throw new AppendBroken('The answer of the append was lost.')
  }

  const log: FaultyLog = {
    id: inner.id,
    appends,
    get held() {
      return held
    },
    get refusals() {
      return refusals
    },
    refuseAcquire: false,
    refuseLoad: false,
    failNext: (...next) => void faults.push(...next),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      open = () => {
        if (gate === promise) gate = null
        resolve()
      }
      return open
    },
    letGo: () => open(),
    epoch: (shard) => inner.epoch(shard),
    async acquire(shard, epoch) {
      if (log.refuseAcquire) throw new Error('The log is away.')
      const own = await inner.acquire(shard, epoch)
      return {
        shard: own.shard,
        epoch: own.epoch,
        append: (batch) => append(own, batch),
        find: (room, id) => own.find(room, id),
        load: async (room, ids) => {
          if (log.refuseLoad) {
            refusals++
            throw new Error('The log is away.')
          }
          return own.load(room, ids)
        },
        snapshot: (room, snapshot) => own.snapshot(room, snapshot),
        deadlines: () => own.deadlines(),
      }
    },
    head: (room) => inner.head(room),
    read: (room, slice) => inner.read(room, slice),
    amendments: (room, amended) => inner.amendments(room, amended),
    seqAt: (room, at) => inner.seqAt(room, at),
    close: () => inner.close(),
  }
  return log
}
