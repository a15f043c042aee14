import { chat, PlenaryError, type Entry } from '@plenary/kinds'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '../backoff.ts'
import { createClient } from '../client.ts'
import type { Room } from '../room.ts'
import type { Session } from '../session.ts'
import { memoryStorage } from '../storage.ts'
import type { Ledger } from './measure.ts'

/** One simulated person in the event's chat. */
export interface Attendee {
  session: Session
  room: Room<typeof chat>
}

/** Comes in by code, again while the server only puts it off, and waits for the chat. Throws `PlenaryError`. */
export async function attend(url: string, code: string, name: string, signal: AbortSignal): Promise<Attendee> {
  const client = createClient({ url, storage: memoryStorage() })
  for (let tries = 0; ; tries++) {
    try {
      const session = await client.join({ code, name })
      return { session, room: await chatOf(session, AbortSignal.any([signal, AbortSignal.timeout(LIVE_MS)])) }
    } catch (error) {
      if (!(error instanceof PlenaryError) || !error.temporary || tries >= JOIN_TRIES || signal.aborted) throw error
      await sleep(backoffMs(tries, Math.random, error.retryAfter), undefined, { signal })
    }
  }
}
const JOIN_TRIES = 8
/** The longest wait for the chat after coming in. */
const LIVE_MS = 60_000

async function chatOf(session: Session, signal: AbortSignal): Promise<Room<typeof chat>> {
  const info = session.event.rooms.find(({ kind }) => kind === chat.name)
  if (info === undefined) {
    session.close()
    throw new PlenaryError('not_found', 'The event has no chat.')
  }
  const room = session.room(chat, info.id)
  await new Promise<void>((resolve, reject) => {
    const end = (error?: Error) => {
      unsubscribe()
      signal.removeEventListener('abort', aborted)
      if (error === undefined) return resolve()
      session.close()
      reject(error)
    }
    const aborted = () => end(new PlenaryError('unavailable', 'The chat did not open.'))
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
  return room
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
export function listen({ room }: Attendee, ledger: Ledger, marker: Marker): void {
  const receiver = ledger.receiver(room.snapshot.seq)
  room.onEntry((entry) => {
    ledger.told(receiver, { seq: entry.seq, id: entry.id, message: marker.read(entry) }, performance.now())
  })
  room.onReset((jump) => ledger.reset(receiver, jump))
}
