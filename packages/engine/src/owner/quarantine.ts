import { PlenaryError } from '@plenary/kinds'
import type { Millis, RoomId } from '@plenary/kinds'
import type { Runtime } from '../runtime/runtime.ts'

/** After the second time; each further one waits twice as long. Once may be one command that nobody sends again. */
const PAUSE_MIN_MS = 500
const PAUSE_MAX_MS = 10_000
/** A room that gave no trouble for so long begins anew. */
const FORGET_MS = 60_000

/** Rooms whose kind threw where it must not. Each costs a reading of its log, so the more often one does, the longer it is left alone. */
export class Quarantine {
  readonly #runtime: Runtime
  readonly #rooms = new Map<RoomId, { times: number; until: Millis }>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  note(room: RoomId): void {
    const times = (this.#rooms.get(room)?.times ?? 0) + 1
    const pauseMs = times === 1 ? 0 : Math.min(PAUSE_MIN_MS * 2 ** (times - 2), PAUSE_MAX_MS)
    this.#rooms.set(room, { times, until: this.#runtime.monotonic() + pauseMs })
  }

  /** Throws `unavailable` while a room is left alone. */
  assertOpen(room: RoomId): void {
    const leftMs = (this.#rooms.get(room)?.until ?? -Infinity) - this.#runtime.monotonic()
    if (leftMs > 0) throw this.refusal(room)
  }

  refusal(room: RoomId): PlenaryError {
    const leftMs = (this.#rooms.get(room)?.until ?? 0) - this.#runtime.monotonic()
    return new PlenaryError('unavailable', 'This room cannot be read right now.', {
      retryAfter: Math.max(PAUSE_MIN_MS, Math.ceil(leftMs)),
    })
  }

  tend(): void {
    const now = this.#runtime.monotonic()
    for (const [room, { until }] of this.#rooms) if (now - until > FORGET_MS) this.#rooms.delete(room)
  }
}
