import type { Logger } from 'pino'
import type { Runtime } from '../runtime/runtime.ts'
import type { EtcdClient, KeyEvent, KeyValue } from './client.ts'
import { isTrouble } from './errors.ts'
import { pause } from './pause.ts'

export interface MirrorOptions<T> {
  client: EtcdClient
  runtime: Runtime
  logger: Logger
  prefix: string
  /** What a value says; null for one that makes no sense, which counts as not there. */
  parse(value: string): T | null
  /** After every change, so also after the first reading. */
  changed(): void
  /** Ends it. */
  signal: AbortSignal
}

/** A key in a mirror. */
export interface Mirrored<T> {
  value: T | null
  modRevision: number
  lease: string
}

/** So often it is all read again: a stream can die without a sign. */
const READ_AGAIN_MS = 10_000
const RETRY_MS = 300

/**
 * All keys under a prefix, as etcd has them, a moment later: read once, then kept up by a watch. Good for deciding what to try; what
 * is true is judged by a transaction on `modRevision`.
 */
export class Mirror<T> {
  readonly #options: MirrorOptions<T>
  readonly #items = new Map<string, Mirrored<T>>()
  #following = new AbortController()

  private constructor(options: MirrorOptions<T>) {
    this.#options = options
  }

  /** Resolves once it has read everything. Throws EtcdError. */
  static async open<T>(options: MirrorOptions<T>): Promise<Mirror<T>> {
    const mirror = new Mirror(options)
    const revision = await mirror.#readAll()
    void mirror.#keepUp(revision)
    return mirror
  }

  /** By the part of the key after the prefix. */
  get items(): ReadonlyMap<string, Mirrored<T>> {
    return this.#items
  }

  get(name: string): Mirrored<T> | undefined {
    return this.#items.get(name)
  }

  /** Takes in at once what was read or written by other ways. */
  note(item: KeyValue): void {
    if (this.#set(item)) this.#options.changed()
  }

  async #keepUp(from: number): Promise<void> {
    const { client, runtime, logger, prefix, signal } = this.#options
    let revision = from
    const again = runtime.every(READ_AGAIN_MS, () => void this.#checkStream())
    signal.addEventListener('abort', () => again.cancel())
    while (!signal.aborted) {
      this.#following = new AbortController()
      try {
        const watched = AbortSignal.any([signal, this.#following.signal])
        for await (const events of client.watch(prefix, revision + 1, watched)) this.#apply(events)
      } catch (error) {
        if (!isTrouble(error, 'compacted')) {
          logger.warn({ err: error, prefix }, 'a watch at etcd has ended')
          await pause(runtime, RETRY_MS, signal)
        }
      }
      revision = await this.#readAgain(revision)
    }
  }

  /** Reads until that succeeds. */
  async #readAgain(revision: number): Promise<number> {
    const { runtime, signal } = this.#options
    while (!signal.aborted) {
      try {
        return await this.#readAll()
      } catch {
        // That etcd is away is said by whoever needs it; here one only waits.
        await pause(runtime, RETRY_MS, signal)
      }
    }
    return revision
  }

  async #checkStream(): Promise<void> {
    try {
      const { items } = await this.#options.client.list(this.#options.prefix)
      const behind = items.some((item) => (this.#items.get(this.#name(item.key))?.modRevision ?? 0) < item.modRevision)
      if (behind || items.length !== this.#items.size) this.#following.abort()
    } catch {
      // The stream itself will notice, or the next look.
    }
  }

  async #readAll(): Promise<number> {
    const { client, prefix, changed, signal } = this.#options
    const { revision, items } = await client.list(prefix)
    const there = new Set(items.map((item) => this.#name(item.key)))
    for (const [name, { modRevision }] of [...this.#items]) {
      if (!there.has(name) && modRevision <= revision) this.#items.delete(name)
    }
    for (const item of items) this.#set(item)
    if (!signal.aborted) changed()
    return revision
  }

  #apply(events: readonly KeyEvent[]): void {
    for (const { deleted, item } of events) {
      const name = this.#name(item.key)
      if (!deleted) this.#set(item)
      else if ((this.#items.get(name)?.modRevision ?? 0) < item.modRevision) this.#items.delete(name)
    }
    this.#options.changed()
  }

  #set({ key, value, modRevision, lease }: KeyValue): boolean {
    const name = this.#name(key)
    if ((this.#items.get(name)?.modRevision ?? 0) >= modRevision) return false
    const parsed = this.#options.parse(value)
    if (parsed === null) this.#options.logger.warn({ key }, 'a value at etcd makes no sense')
    this.#items.set(name, { value: parsed, modRevision, lease })
    return true
  }

  #name(key: string): string {
    return key.slice(this.#options.prefix.length)
  }
}
