import type { CommandId, Json, Millis, RoomId, UserId } from '@plenary/kinds'
import type { Storage } from './storage.ts'

/** A command as it is kept on the device. */
export interface StoredCommand {
  id: CommandId
  type: string
  body: Json
  at: Millis
  /** Orders those made within one millisecond. */
  n: number
}

/** A room's unsettled commands on the device: one key each, so that two tabs do not write over each other. */
export class OutboxStore {
  readonly #storage: Storage
  readonly #prefix: string
  #made = 0

  constructor(storage: Storage, user: UserId, room: RoomId) {
    this.#storage = storage
    this.#prefix = `plenary.outbox.${user}.${room}.`
  }

  make(id: CommandId, type: string, body: Json, at: Millis): StoredCommand {
    return { id, type, body, at, n: this.#made++ }
  }

  put(command: StoredCommand): void {
    this.#storage.set(this.#prefix + command.id, JSON.stringify(command))
  }

  remove(id: CommandId): void {
    this.#storage.remove(this.#prefix + id)
  }

  /** In the order in which they were made. What cannot be read is dropped: there is nothing left to send in it. */
  load(): StoredCommand[] {
    const found: StoredCommand[] = []
    for (const key of this.#storage.keys(this.#prefix)) {
      const command = parse(this.#storage.get(key))
      if (command === null) this.#storage.remove(key)
      else found.push(command)
    }
    return found.toSorted((a, b) => a.at - b.at || a.n - b.n)
  }
}

function parse(text: string | null): StoredCommand | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    if (typeof value !== 'object' || value === null) return null
    const { id, type, at, n } = value as Record<string, unknown>
    const right = typeof id === 'string' && typeof type === 'string' && typeof at === 'number' && typeof n === 'number'
    return right ? (value as StoredCommand) : null
  } catch {
    return null
  }
}
