import type { RoomAppend, RoomLog, ShardLog } from '../log/log.ts'

/** Where an append breaks: nothing was written, or all was and only the answer is lost; `mute` is that without even an error. */
export type AppendFault = 'before' | 'after' | 'mute'

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
  /** What becomes of every call while this is set: an error at once, or nothing until it is set back, and then what was asked for. */
  away: 'refusing' | 'silent' | null
  /** Calls that met a log that was away. */
  readonly missed: number
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
  let missed = 0
  let away: FaultyLog['away'] = null
  let back = Promise.withResolvers<void>()

  const present =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (away !== null) missed++
      if (away === 'refusing') throw new Error('The log is away.')
      if (away === 'silent') await back.promise
      return call(...args)
    }

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
    if (fault === 'mute') await new Promise<never>(() => {})
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
    get away() {
      return away
    },
    set away(now) {
      away = now
      if (now === 'silent') back = Promise.withResolvers<void>()
      else back.resolve()
    },
    get missed() {
      return missed
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
    letGo() {
      log.away = null
      open()
    },
    epoch: present((shard) => inner.epoch(shard)),
    acquire: present(async (shard: string, epoch: number) => {
      if (log.refuseAcquire) throw new Error('The log is away.')
      const own = await inner.acquire(shard, epoch)
      return {
        shard: own.shard,
        epoch: own.epoch,
        append: present((batch) => append(own, batch)),
        find: present((room, id) => own.find(room, id)),
        load: present(async (room) => {
          if (log.refuseLoad) {
            refusals++
            throw new Error('The log is away.')
          }
          return own.load(room)
        }),
        ids: present((room, limit) => own.ids(room, limit)),
        snapshot: present((room, snapshot) => own.snapshot(room, snapshot)),
        deadlines: present(() => own.deadlines()),
      }
    }),
    head: present((room) => inner.head(room)),
    read: present((room, slice) => inner.read(room, slice)),
    amendments: present((room, amended) => inner.amendments(room, amended)),
    seqAt: present((room, at) => inner.seqAt(room, at)),
    close: () => inner.close(),
  }
  return log
}
