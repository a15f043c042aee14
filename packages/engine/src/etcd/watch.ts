import type { Runtime } from '../runtime/runtime.ts'
import type { Endpoints } from './endpoints.ts'
import { EtcdError, isTrouble } from './errors.ts'
import { pause } from './pause.ts'
import { rangeOf, watchMessage } from './wire.ts'
import type { KeyValue } from './wire.ts'

/** A change of a key; of a deleted one only `key` and the deletion's own `modRevision` are true. */
export interface KeyEvent {
  deleted: boolean
  item: KeyValue
}

const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 1_000

/** The changes under a prefix from a revision on, over as many connections as it takes. */
export async function* watchRange(
  members: Endpoints,
  runtime: Runtime,
  prefix: string,
  fromRevision: number,
  signal: AbortSignal,
): AsyncGenerator<KeyEvent[], void, undefined> {
  let next = fromRevision
  let retryMs = RETRY_MIN_MS
  while (!signal.aborted) {
    try {
      const request = { create_request: { ...rangeOf(prefix), start_revision: String(next) } }
      for await (const line of lines(await members.open('/v3/watch', request, signal))) {
        const { result } = watchMessage.parse(JSON.parse(line))
        if (result.compact_revision > 0) throw new EtcdError('compacted', 'etcd no longer has these changes.')
        if (result.canceled) break
        retryMs = RETRY_MIN_MS
        if (result.events.length === 0) continue
        // Not the header's revision: that may be ahead of what has been sent.
        next = Math.max(...result.events.map(({ kv }) => kv.modRevision)) + 1
        yield result.events.map(({ type, kv }) => ({ deleted: type === 'DELETE', item: kv }))
      }
    } catch (error) {
      if (signal.aborted) return
      if (isTrouble(error, 'compacted') || isTrouble(error, 'refused')) throw error
    }
    if (signal.aborted) return
    // A connection that ended says that its member may be on its way out.
    members.turn()
    await pause(runtime, retryMs * (0.5 + runtime.random()), signal)
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true })
    const parts = rest.split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (line.trim() !== '') yield line
  }
}
