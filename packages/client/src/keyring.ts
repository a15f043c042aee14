import type { api, EventId } from '@plenary/kinds'
import type { Storage } from './storage.ts'

/** An event that this device was let into, and as whom. */
export interface KnownEvent {
  event: api.EventInfo
  me: api.Me
}

const PASS = 'plenary.pass'
const EVENT = 'plenary.event.'

/** What the device keeps to come back: its pass, and the events it was in. */
export class Keyring {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The device's lasting credential. */
  get pass(): string | null {
    return this.#storage.get(PASS)
  }
  keep(pass: string): void {
    this.#storage.set(PASS, pass)
  }

  remember({ event, me }: KnownEvent): void {
    this.#storage.set(EVENT + event.id, JSON.stringify({ event, me }))
  }

  known(id: EventId): KnownEvent | null {
    return this.#read(EVENT + id)
  }

  all(): KnownEvent[] {
    return this.#storage.keys(EVENT).flatMap((key) => this.#read(key) ?? [])
  }

  #read(key: string): KnownEvent | null {
    try {
      return JSON.parse(this.#storage.get(key) ?? 'null') as KnownEvent | null
    } catch {
      this.#storage.remove(key)
      return null
    }
  }
}
