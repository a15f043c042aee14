import { PlenaryError, type AnyClientKind, type chat, type Entry } from '@plenary/kinds'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '../backoff.ts'
import { createClient } from '../client.ts'
import type { Room } from '../room.ts'
import type { Session } from '../session.ts'
import { memoryStorage } from '../storage.ts'
import type { Transport } from '../transport.ts'
import type { Ledger } from './measure.ts'

/** One simulated person in an event's room of one kind. */
export interface Attendee<K extends AnyClientKind> {
  session: Session
  room: Room<K>
}

/** One in the event's chat. */
export type Talker = Attendee<typeof chat>

export interface Door {
  url: string
  code: string
  name: string
  signal: AbortSignal
  transport?: Transport
}

/** Comes in by code, again while the server only puts it off, and waits for the event's room of this kind. Throws `PlenaryError`. */
export async function attend<K extends AnyClientKind>(
  kind: K,
  { url, code, name, signal, transport }: Door,
): Promise<Attendee<K>> {
  const client = createClient({ url, storage: memoryStorage(), ...(transport === undefined ? {} : { transport }) })
  return await patiently(async () => await roomOf(kind, await client.join({ code, name }), signal), signal)
}

/** Tries again while the server only puts one off, as it does when many come at once. Throws what the last try threw. */
export async function patiently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof PlenaryError) || !error.temporary || tries >= JOIN_TRIES || signal.aborted) throw error
      await sleep(backoffMs(tries, Math.random, error.retryAfter), undefined, { signal })
    }
  }
}
const JOIN_TRIES = 8
/** The longest wait for the room after coming in. */
const LIVE_MS = 60_000

/** The event's first room of this kind, live. Closes the session and throws `PlenaryError` when it does not open. */
export async function roomOf<K extends AnyClientKind>(
  kind: K,
  session: Session,
  aborting: AbortSignal,
): Promise<Attendee<K>> {
  const signal = AbortSignal.any([aborting, AbortSignal.timeout(LIVE_MS)])
  const info = session.event.rooms.find((room) => room.kind === kind.name)
  if (info === undefined) {
    session.close()
    throw new PlenaryError('not_found', `The event has no room of kind ${kind.name}.`)
  }
  const room = session.room(kind, info.id)
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error) => {
      unsubscribe()
      signal.removeEventListener('abort', aborted)
      if (error === undefined) return resolve()
      session.close()
      reject(error)
    }
    const aborted = () => end(new PlenaryError('unavailable', `The room of kind ${kind.name} did not open.`))
    const look = () => {
      const { state, failure } = room.snapshot
      if (state === 'live') end()
      if (state === 'refused')
        end(new PlenaryError(failure?.code ?? 'refused', failure?.message ?? 'Refused.', failure))
    }
    const unsubscribe = room.subscribe(look)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
  })
  return { session, room }
}

/** Messages of one run carry its name and a number each. */
export class Marker {
  readonly #run: string

  constructor(run: string) {
    this.#run = run
  }

  text(message: number): string {
    return `crowd ${this.#run} #${message}`
  }

  /** Which message an entry is; null when it is none of this run. */
  read(entry: Pick<Entry, 'type' | 'body'>): number | null {
    if (entry.type !== 'post' && entry.type !== 'approve') return null
    const text = typeof entry.body === 'object' && entry.body !== null && 'text' in entry.body ? entry.body.text : null
    const [start, number] = String(text).split(' #')
    return start === `crowd ${this.#run}` && number !== undefined ? Number(number) : null
  }
}

/** Notes all that this attendee is told from now on. */
export function listen({ room }: Talker, ledger: Ledger, marker: Marker): void {
  const receiver = ledger.receiver(room.snapshot.seq)
  room.onEntry((entry) => {
    ledger.told(receiver, { seq: entry.seq, id: entry.id, message: marker.read(entry) }, performance.now())
  })
  room.onReset((jump) => ledger.reset(receiver, jump))
}
