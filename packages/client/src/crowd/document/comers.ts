import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Place } from './opened.ts'

/** Those who come in while others write. */
export interface Comers extends AsyncDisposable {
  /** Rejects when one of them could not come in. */
  readonly failed: Promise<never>
}

/**
 * People who come in one after the other, in a thread of their own: taking in a megabyte takes a browser a tenth of a second, and whoever writes
 * on the same thread would seem to wait for the server. `joined` is told how long each took.
 */
export function comers(place: Place, joined: (ms: number) => void): Comers {
  const worker = new Worker(new URL('./comers-thread.ts', import.meta.url), { workerData: place })
  worker.on('message', joined)
  const failed = once(worker, 'error').then(([error]): never => {
    throw error
  })
  failed.catch(() => undefined)
  return {
    failed,
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
