import { PlenaryError } from '@plenary/kinds'
import type { Entry, Identity, RoomId, Seq, api } from '@plenary/kinds'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import type { PlenaryNode } from '@plenary/engine'
import * as Y from 'yjs'
import type { Store } from '../store/store.ts'
import { ChangeRuns } from './change-runs.ts'

/** Entries between two texts that are kept, so that no moment is far from one. */
const KEPT_EVERY_ENTRIES = 20_000
/** Gone through for one answer; what was gone through is kept, so that asking again goes on from there. */
const SCAN_MS = 8_000
const COME_AGAIN_MS = 500

/** What a document was at any moment of its log. */
export interface DocumentHistory {
  /** Throws `forbidden`, `not_found`, `bad_request`, `too_large`, and `unavailable` while a long log is still being read. */
  read(
    room: RoomId,
    who: Identity,
    query: { at?: Seq | undefined; since?: Seq | undefined },
  ): Promise<api.DocumentAnswer>
}

export interface DocumentHistoryParts {
  node: PlenaryNode
  store: Store
  monotonic(): number
}

/** Reads the log from the nearest text that was kept. What is kept is derived from the log, and only saves time. */
export function documentHistory({ node, store, monotonic }: DocumentHistoryParts): DocumentHistory {
  async function keptBefore(room: RoomId, seq: Seq): Promise<{ seq: Seq; content: Uint8Array } | null> {
    const row = await store
      .selectFrom('document_text')
      .select(['seq', 'content'])
      .where('room_id', '=', room)
      .where('seq', '<=', seq)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row === undefined ? null : { seq: Number(row.seq), content: new Uint8Array(row.content) }
  }

  async function keep(room: RoomId, seq: Seq, doc: Y.Doc): Promise<void> {
    await store
      .insertInto('document_text')
      .values({ room_id: room, seq, content: Buffer.from(Y.encodeStateAsUpdate(doc)) })
      .onConflict((conflict) => conflict.columns(['room_id', 'seq']).doNothing())
      .execute()
  }

  /** The text as of a place in the log. */
  async function textAt(room: RoomId, who: Identity, seq: Seq): Promise<Uint8Array> {
    const until = monotonic() + SCAN_MS
    const kept = await keptBefore(room, seq)
    const doc = new Y.Doc()
    try {
      if (kept !== null) Y.applyUpdate(doc, kept.content)
      let keptAt = kept?.seq ?? 0
      for await (const page of await node.scan(room, who, keptAt, seq)) {
        doc.transact(() => {
          for (const entry of page) for (const update of updateOf(entry)) Y.applyUpdate(doc, update)
        })
        const reached = page.at(-1)?.seq ?? keptAt
        const late = monotonic() > until && reached < seq
        if (reached - keptAt >= KEPT_EVERY_ENTRIES || late) {
          await keep(room, reached, doc)
          keptAt = reached
        }
        if (late) {
          const detail = { retryAfter: COME_AGAIN_MS, reason: 'reading' }
          throw new PlenaryError('unavailable', 'This document has a long history, which is still being read.', detail)
        }
      }
      return Y.encodeStateAsUpdate(doc)
    } finally {
      doc.destroy()
    }
  }

  return {
    async read(room, who, { at, since }) {
      const { kind } = await node.admit(room, who)
      if (kind.name !== 'document') throw new PlenaryError('bad_request', 'This room is no document.')
      const head = await node.head(room)
      const seq = Math.min(at ?? head, head)
      if (since !== undefined && since > seq) throw new PlenaryError('bad_request', 'query.since: lies after query.at')
      const text = await textAt(room, who, since ?? seq)
      const runs = new ChangeRuns(since ?? seq)
      if (since !== undefined) {
        for await (const page of await node.scan(room, who, since, seq)) {
          for (const entry of page) {
            if (entry.type === 'version') runs.end()
            for (const update of updateOf(entry)) runs.add(entry, update)
          }
        }
      }
      return { seq, head, update: toBase64Url(text), changes: runs.all() }
    },
  }
}

/** The change of the text in an entry; none in most types. */
function updateOf({ type, body }: Entry): Uint8Array[] {
  if (type !== 'update' && type !== 'restored') return []
  const bytes = fromBase64Url((body as { update: string }).update)
  return bytes === null ? [] : [bytes]
}
