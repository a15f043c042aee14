import type { SignalMessage } from '@plenary/kinds'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import { DOCUMENT_LIMITS } from '@plenary/kinds/document'
import {
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  modifyAwarenessUpdate,
  removeAwarenessStates,
  type Awareness,
} from 'y-protocols/awareness'
import type { Cancel, Runtime } from '../clock.ts'
import type { Authors } from './authors.ts'
import type { DocumentRoom } from './document-room.ts'

/** Own news are told at most so often. */
const TELL_MS = 80
/** Those who are asked where they are do not all answer at once. */
const ANSWER_SPREAD_MS = 400

interface Changes {
  added: number[]
  updated: number[]
  removed: number[]
}

/** Tells where one is in the text, and hears where others are: Yjs awareness, over the room's signals. */
export class AwarenessSignals {
  readonly #room: DocumentRoom
  readonly #awareness: Awareness
  readonly #authors: Authors
  readonly #runtime: Runtime
  readonly #ends: Cancel[] = []
  /** Who was heard under a client id first. */
  readonly #speakers = new Map<number, string>()
  #telling: Cancel | null = null
  #attached = false

  constructor(room: DocumentRoom, awareness: Awareness, authors: Authors, runtime: Runtime) {
    this.#room = room
    this.#awareness = awareness
    this.#authors = authors
    this.#runtime = runtime
    const changed = ({ added, updated, removed }: Changes, origin: unknown) => {
      const own = awareness.clientID
      if (origin !== this && [...added, ...updated, ...removed].includes(own)) this.#tellSoon(TELL_MS)
    }
    awareness.on('update', changed)
    this.#ends.push(
      () => awareness.off('update', changed),
      room.onSignal((signal) => this.#hear(signal)),
    )
    this.look()
  }

  /** The connection may have come or gone. */
  look(): void {
    if (this.#room.attached === this.#attached) return
    this.#attached = this.#room.attached
    if (this.#attached) {
      this.#room.signal('whoIsThere', {})
      this.#tellSoon(0)
    } else this.#forgetOthers()
  }

  close(): void {
    this.#telling?.()
    for (const end of this.#ends) end()
    this.#forgetOthers()
    this.#awareness.setLocalState(null)
    this.#tell()
  }

  #forgetOthers(): void {
    const others = [...this.#awareness.getStates().keys()].filter((client) => client !== this.#awareness.clientID)
    removeAwarenessStates(this.#awareness, others, this)
    this.#speakers.clear()
  }

  #tellSoon(ms: number): void {
    this.#telling ??= this.#runtime.setTimeout(() => {
      this.#telling = null
      this.#tell()
    }, ms)
  }

  #tell(): void {
    const update = toBase64Url(encodeAwarenessUpdate(this.#awareness, [this.#awareness.clientID]))
    if (update.length <= DOCUMENT_LIMITS.awarenessChars) this.#room.signal('awareness', { update })
  }

  #hear({ type, body, by }: SignalMessage): void {
    if (type === 'whoIsThere') return this.#tellSoon(this.#runtime.random() * ANSWER_SPREAD_MS)
    if (type !== 'awareness' || by === null) return
    const bytes = fromBase64Url((body as { update: string }).update)
    if (bytes === null) return
    let clients: number[] | null = null
    try {
      clients = clientsIn(bytes)
      if (clients.every((client) => this.#speaksFor(client, by.id))) {
        // Whatever it calls itself, it is shown as who it is.
        const named = modifyAwarenessUpdate(bytes, (state: { user?: object } | null) =>
          state === null ? null : { ...state, user: { ...state.user, ...by } },
        )
        applyAwarenessUpdate(this.#awareness, named, this)
      }
    } catch {
      // Somebody's client sends what is no awareness; that is the same as saying nothing.
      clients = null
    }
  }

  #speaksFor(client: number, user: string): boolean {
    if (client === this.#awareness.clientID) return false
    const author = this.#authors.of(client)?.id ?? this.#speakers.get(client)
    if (author === undefined) this.#speakers.set(client, user)
    return author === undefined || author === user
  }
}

/** The client ids that an awareness update speaks for. Throws when it is none. */
function clientsIn(update: Uint8Array): number[] {
  const clients: number[] = []
  let at = 0
  const read = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = update[at++]
      if (byte === undefined || factor > 2 ** 49) throw new Error('Cut off.')
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  for (let left = read(); left > 0; left--) {
    clients.push(read())
    read()
    at += read()
  }
  return clients
}
