import type { LogId, Seq } from '@plenary/kinds'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { encodeAppend } from './append-text.ts'
import { Fenced } from './log.ts'
import type { CommandPlace, LoadedRoom, RoomLog, StoredEntry } from './log.ts'
import type { Call, WorkerAnswer } from './sqlite-calls.ts'

/** The log in one SQLite file, written by a thread of its own. Throws when the file cannot be opened or is not a log. */
export async function openSqliteLog(options: { file: string }): Promise<RoomLog> {
  const worker = new Worker(new URL('./log-sqlite-worker.ts', import.meta.url), { workerData: { file: options.file } })
  const [{ ready }] = (await once(worker, 'message')) as [{ ready: LogId }]
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void; call: Call }>()
  let calls = 0
  let over: Error | null = null
  let closing: Promise<void> | null = null

  worker.on('message', (answers: WorkerAnswer[]) => {
    for (const answer of answers) {
      const asked = waiting.get(answer.call)
      if (asked === undefined) continue
      waiting.delete(answer.call)
      if (!('error' in answer)) asked.resolve(answer.value)
      else if (answer.fenced && 'epoch' in asked.call) asked.reject(new Fenced(asked.call.shard, asked.call.epoch))
      else asked.reject(new Error(answer.error))
    }
    // Idle, it keeps no process alive; being closed, it must still come to its end.
    if (waiting.size === 0 && closing === null) worker.unref()
  })
  const end = (error: Error) => {
    over ??= error
    for (const asked of waiting.values()) asked.reject(error)
    waiting.clear()
  }
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The log is closed.')))
  worker.unref()

  function ask<T>(call: Call): Promise<T> {
    if (over !== null) return Promise.reject(over)
    return new Promise<T>((resolve, reject) => {
      const id = ++calls
      // The thread answers each op with the type that the port states for it.
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, call })
      worker.ref()
      worker.postMessage({ ...call, call: id })
    })
  }

  return {
    id: ready,
    epoch: (shard) => ask<number>({ op: 'epoch', shard }),
    async acquire(shard, epoch) {
      await ask<void>({ op: 'acquire', shard, epoch })
      return {
        shard,
        epoch,
        append: async (batch) => ask<void>({ op: 'append', shard, epoch, text: encodeAppend({ shard, batch }) }),
        find: (room, id) => ask<Seq | null>({ op: 'find', room, id }),
        load: (room) => ask<LoadedRoom>({ op: 'load', room }),
        ids: (room, limit) => ask<CommandPlace[]>({ op: 'ids', room, limit }),
        snapshot: (room, snapshot) => ask<void>({ op: 'snapshot', shard, epoch, room, snapshot }),
        deadlines: () => ask({ op: 'deadlines', shard }),
      }
    },
    head: (room) => ask<Seq>({ op: 'head', room }),
    read: (room, slice) => ask<StoredEntry[]>({ op: 'read', room, slice }),
    amendments: (room, amended) => ask<StoredEntry[]>({ op: 'amendments', room, amended }),
    seqAt: (room, at) => ask<Seq>({ op: 'seqAt', room, at }),
    async close() {
      if (over === null)
        closing ??= Promise.all([once(worker, 'exit'), ask<void>({ op: 'close' })]).then(() => undefined)
      await closing
    },
  }
}
