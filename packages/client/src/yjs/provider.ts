/**
 * `@plenary/client/yjs`: binds a `Y.Doc` to a room of kind `document`.
 *
 *     const room = session.room(document, roomId)          // `document` from `@plenary/kinds/document`
 *     const doc = new Y.Doc()
 *     const provider = new PlenaryProvider(room, doc)       // options: see `ProviderOptions`
 *     provider.awareness                                     // for cursors: set `user` and `cursor` in its local state
 *     provider.subscribe(() => show(provider.snapshot))      // status of what was typed (R12), see `ProviderStatus`
 *     await provider.ready                                   // the text is here: from the device or from the server
 *     provider.authorOf(clientId)                            // who wrote under a Yjs client id
 *     await provider.restore(past, { fragment, from, name }) // an earlier content again, as a new entry
 *     provider.retry() / await provider.forget()             // after `refused`: once more; or give up what only this device has
 *     provider.destroy()                                     // ends it; `room.leave()` stays the caller's
 *
 * Comments, versions and sharing are the room's own commands and its view (`room.send('comment', …)`, `room.snapshot.view`).
 * A change larger than a command may be is refused: import long texts in several transactions.
 */
import { PlenaryError, type Failure } from '@plenary/kinds'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import { DOCUMENT_LIMITS, type DocumentContent, type DocumentEntry } from '@plenary/kinds/document'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { realRuntime, type Cancel, type Runtime } from '../clock.ts'
import { Listeners } from '../listeners.ts'
import { Authors } from './authors.ts'
import { AwarenessSignals } from './awareness-signals.ts'
import type { DocumentRoom } from './document-room.ts'
import { keepOnDevice, type Kept } from './device.ts'
import { changeBack, lackingOf } from './differences.ts'
import { Unsent } from './unsent.ts'

/**
 * What became of what was typed here (R12). `saved`: all of it is on the server. `saving`: on its way. `kept`: not on the server,
 * and there is no connection; on this device (over a reload too, where `durable`). `offline`: nothing of one's own waits, and
 * there is no connection. `refused`: the server will not take it, and `failure` says why; it is on this device only.
 */
export type ProviderStatus = 'kept' | 'saving' | 'saved' | 'offline' | 'refused'

/** Never changed: something new is a new object. */
export interface ProviderSnapshot {
  status: ProviderStatus
  /** The text of the server is in the document. */
  synced: boolean
  /** What was typed is kept over a reload of the page. */
  durable: boolean
  failure?: Failure
}

export interface ProviderOptions {
  /** One that an editor uses already; made without it. */
  awareness?: Awareness
  /** Whether to keep the document on this device, so that it opens and takes changes offline. True where there is IndexedDB. */
  keep?: boolean
  /** Typing is gathered for so long into one command. 50 without it. */
  batchMs?: number
  runtime?: Runtime
}

const BATCH_MS = 50

export class PlenaryProvider {
  readonly room: DocumentRoom
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** Resolves once the text is here, from this device or from the server. */
  readonly ready: Promise<void>
  readonly #ownsAwareness: boolean
  readonly #runtime: Runtime
  readonly #batchMs: number
  readonly #authors = new Authors()
  readonly #unsent = new Unsent()
  readonly #signals: AwarenessSignals
  readonly #changed = new Listeners()
  readonly #ends: Cancel[] = []
  #kept: Kept | null = null
  #snapshot: ProviderSnapshot | null = null
  #synced = false
  /** What the server has for sure, until what it lacks is sent. */
  #served: string[] | null = null
  #sending = false
  #failure: Failure | null = null
  #batch: Cancel | null = null
  #ended = false
  #becameReady: () => void = () => undefined

  constructor(room: DocumentRoom, doc: Y.Doc, options: ProviderOptions = {}) {
    this.room = room
    this.doc = doc
    this.#ownsAwareness = options.awareness === undefined
    this.awareness = options.awareness ?? new Awareness(doc)
    this.#runtime = options.runtime ?? realRuntime
    this.#batchMs = options.batchMs ?? BATCH_MS
    this.ready = new Promise((resolve) => (this.#becameReady = resolve))
    this.#signals = new AwarenessSignals(room, this.awareness, this.#authors, this.#runtime)
    this.#takeBackUnsaved()
    const typed = (update: Uint8Array, origin: unknown) => this.#typed(update, origin)
    doc.on('update', typed)
    const end = () => this.destroy()
    doc.on('destroy', end)
    this.#ends.push(
      () => doc.off('update', typed),
      () => doc.off('destroy', end),
      room.subscribe(() => this.#look()),
      room.followContent({
        content: (content) => this.#begin(content as unknown as DocumentContent),
        entries: (entries) => this.#follow(entries as readonly DocumentEntry[]),
      }),
    )
    if (options.keep !== false) void this.#keep()
  }

  /** The same object while nothing changed. */
  get snapshot(): ProviderSnapshot {
    return (this.#snapshot ??= {
      status: this.#status(),
      synced: this.#synced,
      durable: this.#kept !== null,
      ...(this.#failure === null ? {} : { failure: this.#failure }),
    })
  }

  readonly subscribe = (listener: () => void): Cancel => this.#changed.add(listener)

  /** Who wrote under a Yjs client id; null for nobody that is known. */
  authorOf(client: number): { id: string; name: string } | null {
    return this.#authors.of(client)
  }

  /** Resolves when all that was typed is saved. Rejects with `PlenaryError` once it is refused. */
  async saved(): Promise<void> {
    while (this.#status() !== 'saved') {
      if (this.#failure !== null) throw new PlenaryError(this.#failure.code, this.#failure.message, this.#failure)
      await new Promise<void>((resolve) => {
        const cancel = this.#changed.add(() => {
          cancel()
          resolve()
        })
      })
    }
  }

  /** Makes one fragment read again as it does in `past`, as an entry of its own. Throws `PlenaryError`. */
  async restore(past: Y.Doc, what: { fragment: string; from: number; name?: string | null }): Promise<void> {
    await this.saved()
    const update = changeBack(this.doc, past, what.fragment)
    if (update === null) return
    const { from, name = null } = what
    await this.room.send('restore', { update: toBase64Url(update), from, name })
  }

  /** Sends once more what was refused. */
  retry(): void {
    if (this.#failure === null) return
    this.#failure = null
    this.#touch()
    this.room.refresh()
  }

  /** Takes the document off this device, with all that was not saved, and ends. Begin again with a new `Y.Doc`. */
  async forget(): Promise<void> {
    const kept = this.#kept
    this.destroy()
    await kept?.clear()
  }

  destroy(): void {
    if (this.#ended) return
    // The room's outbox keeps it from here on, whoever comes next.
    while (this.#failure === null && !this.#unsent.empty) this.#send()
    this.#ended = true
    this.#batch?.()
    for (const end of this.#ends) end()
    this.#signals.close()
    if (this.#ownsAwareness) this.awareness.destroy()
    void this.#kept?.close()
    this.#changed.clear()
  }

  async #keep(): Promise<void> {
    const name = `plenary.document.${this.room.me.id}.${this.room.id}`
    const kept = await keepOnDevice(name, this.doc)
    if (kept === null) return
    if (this.#ended) return kept.close()
    this.#kept = kept
    if (kept.hasText) this.#becameReady()
    this.#touch()
  }

  /** What an earlier visit could not save is still in the room's outbox: it is part of the text. */
  #takeBackUnsaved(): void {
    for (const { type, body } of this.room.snapshot.pending) {
      if (type === 'update' || type === 'restore') this.#apply([(body as { update: string }).update])
    }
  }

  #apply(updates: readonly string[]): void {
    Y.transact(
      this.doc,
      () => {
        for (const update of updates) {
          const bytes = fromBase64Url(update)
          if (bytes !== null && bytes.length > 0) Y.applyUpdate(this.doc, bytes, this)
        }
      },
      this,
      false,
    )
  }

  #begin(content: DocumentContent): void {
    if (this.#ended) return
    const updates = [content.base, ...content.tail].filter((update) => update !== '')
    this.#authors.begin(content)
    const lacking = lackingOf(this.doc, updates)
    this.#apply(updates)
    this.#unsent.replace(lacking)
    // It may be a little old, and the entries that follow at once bring some of what it seems to lack.
    this.#served = lacking === null ? null : updates
    this.#synced = true
    this.#becameReady()
    this.#touch()
    this.#flushSoon(this.#batchMs)
  }

  #follow(entries: readonly DocumentEntry[]): void {
    if (this.#ended) return
    const updates: string[] = []
    for (const { type, body, by } of entries) {
      if (type !== 'update' && type !== 'restored') continue
      updates.push(body.update)
      if (by !== null) this.#authors.note(body.update, by)
    }
    this.#apply(updates)
    this.#served?.push(...updates)
  }

  #typed(update: Uint8Array, origin: unknown): void {
    // Before the first content all that the device has is compared with it.
    if (origin === this || !this.#synced) return
    this.#unsent.add(update)
    this.#touch()
    this.#flushSoon(this.#batchMs)
  }

  #flushSoon(ms: number): void {
    if (this.#batch !== null || this.#unsent.empty) return
    this.#batch = this.#runtime.setTimeout(() => {
      this.#batch = null
      this.#flush()
    }, ms)
  }

  /** One at a time: what is typed meanwhile is the next one. */
  #flush(): void {
    if (!this.#ended && !this.#sending && this.#failure === null) this.#send()
  }

  #send(): void {
    if (this.#served !== null) {
      this.#unsent.replace(lackingOf(this.doc, this.#served))
      this.#served = null
    }
    const update = this.#unsent.take()
    if (update === null) return this.#touch()
    this.#sending = true
    const text = toBase64Url(update)
    const sent =
      text.length > DOCUMENT_LIMITS.commandBytes - ENVELOPE_BYTES
        ? Promise.reject(new PlenaryError('too_large', 'This is more than can be saved in one go.'))
        : this.room.send('update', { update: text })
    this.#touch()
    void sent.then(
      () => this.#settled(null),
      (error: unknown) => this.#settled(error),
    )
  }

  #settled(error: unknown): void {
    if (this.#ended) return
    this.#sending = false
    if (error instanceof PlenaryError) this.#refused(error)
    this.#flushSoon(0)
    this.#touch()
  }

  #refused(error: PlenaryError): void {
    // The server lacks something that this rests on: all that it lacks is found out and sent.
    if (error.reason === 'missing_updates') this.room.refresh()
    else this.#failure = error.toFailure()
    this.#discardRefused()
  }

  /** Refused ones are in the document itself, and the room need not keep them. */
  #discardRefused(): void {
    for (const { id, type, state } of this.room.snapshot.pending) {
      if (type === 'update' && state === 'refused') this.room.discard(id)
    }
  }

  #look(): void {
    if (this.#ended) return
    const { failure, state } = this.room.snapshot
    if (state === 'refused' && failure !== undefined) this.#failure = failure
    this.#signals.look()
    this.#touch()
  }

  #status(): ProviderStatus {
    if (this.#failure !== null) return 'refused'
    const waiting: boolean = this.#sending || !this.#unsent.empty || this.room.snapshot.pending.some(isChange)
    if (this.room.attached && this.#synced) return waiting ? 'saving' : 'saved'
    return waiting ? 'kept' : 'offline'
  }

  #touch(): void {
    const before = this.#snapshot
    this.#snapshot = null
    const after = this.snapshot
    if (
      before !== null &&
      before.status === after.status &&
      before.synced === after.synced &&
      before.durable === after.durable &&
      before.failure === after.failure
    ) {
      this.#snapshot = before
      return
    }
    this.#changed.tell()
  }
}

/** What a command's body has beside the update. */
const ENVELOPE_BYTES = 64

function isChange({ type }: { type: string }): boolean {
  return type === 'update' || type === 'restore'
}
