import { fromBase64Url } from '@plenary/kinds/base64url'
import * as Y from 'yjs'
import type { Millis, Seq } from '@plenary/kinds'

/** What of a log's entry matters here. */
export interface PastEntry {
  seq: Seq
  at: Millis
  by: { id: string; name: string } | null
  type: string
  body: unknown
}

/** A stretch of writing by one person, or a moment that was given a name. */
export interface Moment {
  /** The last entry of it: the text here is that of the log up to this one. */
  seq: Seq
  at: Millis
  by: string
  /** What kind of moment: written, named, or an earlier text again. */
  what: 'written' | 'named' | 'restored'
  name: string | null
}

/** A piece of the text between two moments: there in both, or only in one of them, and whose doing that was. */
export interface Shown {
  /** The same for the same piece, whatever is compared. */
  key: string
  type: string
  attrs: Record<string, unknown>
  content: Shown[]
  text?: string
  marks?: Record<string, unknown>
  change?: { what: 'added' | 'removed'; by: string; id: string }
}

/** Writing without a longer break than this, by one person, is one moment. */
const PAUSE_MS = 60_000
const NOBODY = { id: '', name: 'somebody' }

interface Removal {
  from: number
  until: number
  by: { id: string; name: string }
}

/** The past of a document, or the part of it that was read from its log. */
export class Past {
  readonly moments: Moment[] = []
  readonly #doc = new Y.Doc({ gc: false })
  readonly #fragment: Y.XmlFragment
  readonly #snapshots = new Map<Seq, Y.Snapshot>()
  readonly #writers = new Map<number, { id: string; name: string }>()
  readonly #removals = new Map<number, Removal[]>()
  readonly #authorOf: (session: number) => { id: string; name: string } | null

  /** `entries`: oldest first. `authorOf` knows who writes in the sessions whose beginning is not among them. */
  constructor(
    entries: readonly PastEntry[],
    fragment: string,
    authorOf: (session: number) => { id: string; name: string } | null = () => null,
  ) {
    this.#authorOf = authorOf
    this.#fragment = this.#doc.getXmlFragment(fragment)
    for (const [index, entry] of entries.entries()) {
      const body = entry.body as { update?: string; name?: string | null }
      if (typeof body.update === 'string' && (entry.type === 'update' || entry.type === 'restored'))
        this.#take(entry, body.update)
      else if (entry.type !== 'version') continue
      const moment: Moment = {
        seq: entry.seq,
        at: entry.at,
        by: entry.by?.name ?? NOBODY.name,
        what: entry.type === 'version' ? 'named' : entry.type === 'restored' ? 'restored' : 'written',
        name: body.name ?? null,
      }
      const next = entries[index + 1]
      const last = this.moments.at(-1)
      const goesOn =
        last?.what === 'written' && moment.what === 'written' && last.by === moment.by && moment.at - last.at < PAUSE_MS
      if (goesOn) this.moments.pop()
      this.moments.push(moment)
      if (
        next?.type === 'update' &&
        next.by?.name === moment.by &&
        next.at - moment.at < PAUSE_MS &&
        moment.what === 'written'
      )
        continue
      this.#snapshots.set(entry.seq, Y.snapshot(this.#doc))
    }
    const last = this.moments.at(-1)
    if (last !== undefined) this.#snapshots.set(last.seq, Y.snapshot(this.#doc))
  }

  /** The text as it was then, as a document of its own. */
  documentAt(seq: Seq): Y.Doc {
    return Y.createDocFromSnapshot(this.#doc, this.#snapshotAt(seq))
  }

  /** The text at a moment, with all that came and went since another one; null: nothing is compared. */
  shown(seq: Seq, since: Seq | null): Shown[] {
    const after = this.#snapshotAt(seq)
    const before = since === null ? after : since === 0 ? Y.emptySnapshot : this.#snapshotAt(since)
    return this.#doc.transact(() => this.#children(this.#fragment, before, after))
  }

  destroy(): void {
    this.#doc.destroy()
  }

  #take({ by }: PastEntry, update: string): void {
    const bytes = fromBase64Url(update)
    if (bytes === null) return
    const { structs, ds } = Y.decodeUpdate(bytes)
    const author = by === null ? NOBODY : { id: by.id, name: by.name }
    for (const { id } of structs)
      if (!this.#writers.has(id.client)) this.#writers.set(id.client, this.#authorOf(id.client) ?? author)
    for (const [client, ranges] of ds.clients) {
      const known = this.#removals.get(client) ?? []
      known.push(...ranges.map(({ clock, len }) => ({ from: clock, until: clock + len, by: author })))
      this.#removals.set(client, known)
    }
    Y.applyUpdate(this.#doc, bytes)
  }

  #snapshotAt(seq: Seq): Y.Snapshot {
    return this.#snapshots.get(seq) ?? Y.emptySnapshot
  }

  #change(what: 'added' | 'removed', id: Y.ID): NonNullable<Shown['change']> {
    const removal =
      what === 'removed'
        ? this.#removals.get(id.client)?.find(({ from, until }) => id.clock >= from && id.clock < until)
        : undefined
    const by = what === 'added' ? this.#writers.get(id.client) : removal?.by
    return { what, by: by?.name ?? NOBODY.name, id: by?.id ?? NOBODY.id }
  }

  #children(parent: Y.XmlFragment | Y.XmlElement, before: Y.Snapshot, after: Y.Snapshot): Shown[] {
    const both = new Y.Snapshot(before.ds, after.sv)
    const types = Y.typeListToArraySnapshot(parent, both) as (Y.XmlElement | Y.XmlText)[]
    return types.flatMap((type): Shown[] => {
      if (type instanceof Y.XmlText) return this.#text(type, before, after)
      const item = itemOf(type)
      const [then, now] = [isThere(item, before), isThere(item, after)]
      if (!then && !now) return []
      const attrs = type.getAttributes(now ? after : before) as Record<string, unknown>
      const content = this.#children(type, before, after)
      const change = then === now ? {} : { change: this.#change(now ? 'added' : 'removed', item.id) }
      const key = `${item.id.client}.${item.id.clock}`
      return [{ key, type: type.nodeName, attrs, content, ...change }]
    })
  }

  #text(text: Y.XmlText, before: Y.Snapshot, after: Y.Snapshot): Shown[] {
    const delta = text.toDelta(after, before, (what: 'added' | 'removed', id: Y.ID) => this.#change(what, id)) as {
      insert: unknown
      attributes?: Record<string, unknown>
    }[]
    const pieces: Shown[] = []
    for (const { insert, attributes = {} } of delta) {
      if (typeof insert !== 'string') continue
      const { ychange, ...marks } = attributes
      const piece: Shown = { key: `text.${pieces.length}`, type: 'text', attrs: {}, content: [], text: insert, marks }
      if (isChange(ychange)) piece.change = ychange
      const last = pieces.at(-1)
      if (last !== undefined && looksLike(last, piece)) last.text = `${last.text ?? ''}${insert}`
      else pieces.push(piece)
    }
    return pieces
  }
}

/** Text is kept in the pieces in which it was written; those that look alike are one to readers. */
function looksLike(one: Shown, other: Shown): boolean {
  return JSON.stringify([one.marks, one.change]) === JSON.stringify([other.marks, other.change])
}

function isChange(value: unknown): value is NonNullable<Shown['change']> {
  return typeof value === 'object' && value !== null && 'what' in value && 'by' in value && 'id' in value
}

/** The place of a node in the shared document, which Yjs keeps under a name of its own. */
function itemOf(type: Y.XmlElement): Y.Item {
  const { _item: item } = type
  if (item === null) throw new Error('A node of a document lies in one.')
  return item
}

function isThere({ id }: Y.Item, { sv, ds }: Y.Snapshot): boolean {
  return (sv.get(id.client) ?? 0) > id.clock && !Y.isDeleted(ds, id)
}
