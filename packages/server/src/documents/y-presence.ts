import type { SignalMessage } from '@plenary/kinds'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import { DOCUMENT_LIMITS } from '@plenary/kinds/document'
import { modifyAwarenessUpdate } from 'y-protocols/awareness'
import { clocksIn, leaving } from './y-messages.ts'

/** Told to the room at most so often. */
const TELL_MS = 80
const ANSWER_SPREAD_MS = 400
/** Clients that one connection may speak for, and others that are remembered. */
const OWN_MAX = 20
const OTHERS_MAX = 2_000

export interface PresenceParts {
  /** To the client. */
  tell(update: Uint8Array): void
  /** To the others in the room. */
  signal(type: string, body: object): void
}

/** Where a client of y-websocket is in the text, and where others are: its awareness, over the room's signals. */
export class YPresence {
  readonly #parts: PresenceParts
  /** Its own clients, each with the clock it last had. */
  readonly #own = new Map<number, number>()
  readonly #others = new Set<number>()
  #last: Uint8Array | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  /** The client says where it is. */
  said(update: Uint8Array): void {
    const clocks = readClocks(update)
    if (clocks === null || clocks.size > OWN_MAX) return
    // It may pass on what it heard of others; only they speak for themselves.
    if ([...clocks.keys()].some((client) => this.#others.has(client))) return
    for (const [client, clock] of clocks) if (this.#own.size < OWN_MAX) this.#own.set(client, clock)
    this.#last = update
    // As its own server does; to a client that hears nothing for long, the connection is broken.
    this.#parts.tell(update)
    this.#tellSoon(TELL_MS)
  }

  /** The client asks where the others are. */
  asked(): void {
    this.#parts.signal('whoIsThere', {})
  }

  heard({ type, body, by }: SignalMessage): void {
    if (type === 'whoIsThere') return this.#tellSoon(Math.random() * ANSWER_SPREAD_MS)
    if (type !== 'awareness') return
    const update = fromBase64Url((body as { update: string }).update)
    const clocks = update === null ? null : readClocks(update)
    if (update === null || clocks === null || [...clocks.keys()].some((client) => this.#own.has(client))) return
    for (const client of clocks.keys()) if (this.#others.size < OTHERS_MAX) this.#others.add(client)
    // Whatever it calls itself, it is shown as who it is.
    const named = modifyAwarenessUpdate(update, (state: { user?: object } | null) =>
      state === null ? null : { ...state, user: { ...state.user, ...by } },
    )
    this.#parts.tell(named)
  }

  /** The client has gone. */
  leave(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#own.size > 0) this.#parts.signal('awareness', { update: toBase64Url(leaving(this.#own)) })
  }

  #tellSoon(ms: number): void {
    if (this.#last === null) return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      const update = toBase64Url(this.#last ?? new Uint8Array())
      if (update.length <= DOCUMENT_LIMITS.awarenessChars) this.#parts.signal('awareness', { update })
    }, ms)
  }
}

function readClocks(update: Uint8Array): Map<number, number> | null {
  try {
    return clocksIn(update)
  } catch {
    // What is no awareness says nothing.
    return null
  }
}
