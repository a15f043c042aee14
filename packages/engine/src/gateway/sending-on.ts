import type { Goodbye } from '@plenary/kinds'
import type { Runtime } from '../runtime/runtime.ts'
import type { Connection } from './connection.ts'

/** Clients told to leave at once; the next group follows after the pause, so that others are not overrun. */
const GROUP_MIN = 50
const GROUPS_MAX = 20
const GROUP_PAUSE_MS = 250
/** How long a client of one group may take to be connected elsewhere before it leaves. */
const WITHIN_MS = 2_000
/** Clients that have not left by then are dropped; they resume. */
const LEFT_MS_MAX = 15_000
const LOOK_MS = 50

/** Asks some clients to connect elsewhere and then leave (make before break). Which ones is left to chance. */
export function sendOn(connections: ReadonlySet<Connection>, count: number, goodbye: Goodbye, runtime: Runtime): void {
  const all = [...connections]
  for (let left = Math.min(count, all.length); left > 0; left--) {
    const at = Math.floor(runtime.random() * all.length)
    const [connection] = all.splice(at, 1)
    connection?.socket.emit('goodbye', goodbye)
  }
}

/** Asks all clients to leave in paced groups, and resolves once they have, or had their time. */
export async function sendAllOn(connections: ReadonlySet<Connection>, runtime: Runtime): Promise<void> {
  const all = [...connections]
  const size = Math.max(GROUP_MIN, Math.ceil(all.length / GROUPS_MAX))
  for (let from = 0; from < all.length; from += size) {
    for (const { socket } of all.slice(from, from + size))
      socket.emit('goodbye', { within: WITHIN_MS, reason: 'draining' })
    await pause(runtime, GROUP_PAUSE_MS)
  }
  const deadline = runtime.monotonic() + LEFT_MS_MAX
  while (connections.size > 0 && runtime.monotonic() < deadline) await pause(runtime, LOOK_MS)
}

const pause = (runtime: Runtime, ms: number) => new Promise<void>((resolve) => runtime.after(ms, resolve))
