import type { api, RoomId } from '@plenary/kinds'
import { toBase64Url } from '@plenary/kinds/base64url'
import { document } from '@plenary/kinds/document'
import { setTimeout as sleep } from 'node:timers/promises'
import * as Y from 'yjs'
import { createClient, type Client } from '../../client.ts'
import type { Session } from '../../session.ts'
import { memoryStorage } from '../../storage.ts'
import { PlenaryProvider } from '../../yjs/provider.ts'
import type { Act } from '../act.ts'
import { arrive } from '../arrive.ts'
import { patiently } from '../attendee.ts'
import { Histogram } from '../measure.ts'
import { comers } from './comers.ts'
import { openDocument, type OpenedDocument, type Place } from './opened.ts'

/** What the document has before anyone edits it: paragraphs of a hundred characters. */
const BEGINS_BYTES = 1_000_000
const PARAGRAPH_CHARS = 100
const PARAGRAPHS_AT_ONCE = 400
/** Each editor types so many characters into each change, and deletes about as many: the document stays as large as it is. */
const TYPED_CHARS = 8
const READY_MS = 30_000
const LOOK_EVERY_MS = 20

/** They write one document of a megabyte, of their own, while others keep coming in. */
export const documentAct: Act = {
  inEvent: false,
  async run({ url, people, seconds, rate }, progress, signal) {
    const sessions: Session[] = []
    const acknowledged = new Histogram()
    const joined = new Histogram()
    let refused = 0
    try {
      const { owner, event, room } = await begin(url)
      sessions.push(owner)
      const place = { url, code: event.code, room }
      progress('filling the document')
      const bytes = await fill(owner, room)
      progress(`${people} come in`)
      const editors: Editor[] = []
      await arrive(people, signal, async (number, stop) => {
        const client = createClient({ url, storage: memoryStorage() })
        const join = () => client.join({ code: event.code, name: `Editor ${number}` })
        const session = await patiently(join, stop)
        sessions.push(session)
        editors.push(new Editor(session, room, number))
      })
      for (const editor of editors) await editor.live()
      using present = await openDocument(place)
      await present.provider.ready
      progress(`they write for ${seconds} s`)
      const until = performance.now() + seconds * 1_000
      const stop = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1_000)])
      const everyMs = (1_000 * people) / rate
      const write = async (editor: Editor, number: number) => {
        await sleep((everyMs * number) / people)
        for (let due = performance.now(); performance.now() < until && !stop.aborted; due += everyMs) {
          await sleep(Math.max(0, due - performance.now()))
          // From when it was typed: what waits for the one before it waits for the server, too.
          const began = Math.min(due, performance.now())
          await editor.type().then(
            () => acknowledged.add(performance.now() - began),
            () => (refused += 1),
          )
        }
      }
      {
        await using coming = comers(place, (ms) => joined.add(ms))
        await Promise.race([Promise.all(editors.map(write)), coming.failed])
      }
      progress('looking whether everyone has the same')
      const same = await alike(present, place, editors)
      const report = {
        people,
        bytes,
        acknowledged: acknowledged.total,
        refused,
        ackP50Ms: acknowledged.quantile(0.5),
        ackP99Ms: acknowledged.quantile(0.99),
        joins: joined.total,
        joinP50Ms: joined.quantile(0.5),
        joinP99Ms: joined.quantile(0.99),
        same,
      }
      return { ok: same && refused === 0 && acknowledged.total > 0, rows: Object.entries(report).map(row), report }
    } finally {
      for (const session of sessions) session.close()
    }
  },
}

function row([name, value]: [string, number | boolean | null]): [string, string] {
  return [name, value === null ? '–' : String(value)]
}

async function begin(url: string): Promise<{ owner: Session; event: api.EventInfo; room: RoomId }> {
  const client: Client = createClient({ url, storage: memoryStorage() })
  const settings = { roles: { attendee: 'edit' } }
  const body = { kind: 'document', title: 'A long document', settings, name: 'Owner' }
  const made = await client.http.post<{ event: api.EventInfo; pass: string }>('/api/rooms', body, { bearer: null })
  client.usePass(made.pass)
  const [{ id: room } = { id: '' as RoomId }] = made.event.rooms
  return { owner: await client.open(made.event.id), event: made.event, room }
}

/** Answers how large it is, as an update. */
async function fill(owner: Session, room: RoomId): Promise<number> {
  const doc = new Y.Doc()
  const provider = new PlenaryProvider(owner.room(document, room), doc, { keep: false })
  try {
    await provider.ready
    const page = doc.getXmlFragment('default')
    while (Y.encodeStateAsUpdate(doc).length < BEGINS_BYTES) {
      const paragraphs = Array.from({ length: PARAGRAPHS_AT_ONCE }, (_, number) => {
        const paragraph = new Y.XmlElement('paragraph')
        paragraph.insert(0, [new Y.XmlText(`${number} `.padEnd(PARAGRAPH_CHARS, 'lorem ipsum '))])
        return paragraph
      })
      page.insert(page.length, paragraphs)
      await provider.saved()
    }
    return Y.encodeStateAsUpdate(doc).length
  } finally {
    provider.destroy()
    doc.destroy()
  }
}

/**
 * Somebody who writes, without a copy of the rest: fifty whole copies in the measuring process would be measured with the server.
 * Each change is one typing and one deleting in the shared text.
 */
class Editor {
  readonly #room
  readonly #doc = new Y.Doc()
  #savedTo = 0
  readonly #text

  constructor(session: Session, room: RoomId, number: number) {
    this.#room = session.room(document, room)
    this.#text = this.#doc.getText(`margin-${number % 10}`)
  }

  async live(): Promise<void> {
    for (const until = performance.now() + READY_MS; this.#room.snapshot.state !== 'live'; await sleep(LOOK_EVERY_MS)) {
      if (performance.now() > until) throw new Error('The document did not open.')
    }
  }

  /** Whether another one has all that was saved here. */
  isWholeIn(other: Y.Doc): boolean {
    const { clientID } = this.#doc
    const reached = Y.decodeStateVector(Y.encodeStateVector(other)).get(clientID) ?? 0
    return reached >= this.#savedTo
  }

  async type(): Promise<void> {
    const before = Y.encodeStateVector(this.#doc)
    this.#doc.transact(() => {
      this.#text.insert(this.#text.length, 'plenary '.slice(0, TYPED_CHARS))
      if (this.#text.length > 10 * TYPED_CHARS) this.#text.delete(0, TYPED_CHARS)
    })
    const update = Y.encodeStateAsUpdate(this.#doc, before)
    const reached = Y.decodeStateVector(Y.encodeStateVector(this.#doc)).get(this.#doc.clientID) ?? 0
    await this.#room.send('update', { update: toBase64Url(update) })
    this.#savedTo = Math.max(this.#savedTo, reached)
  }
}

/** Who was there all the time and who comes in now have the same, with all that the editors were told is saved. */
async function alike(present: OpenedDocument, place: Place, editors: readonly Editor[]): Promise<boolean> {
  using late = await openDocument(place)
  await late.provider.ready
  for (const until = performance.now() + READY_MS; performance.now() < until; await sleep(LOOK_EVERY_MS)) {
    if (present.provider.room.snapshot.seq === late.provider.room.snapshot.seq) break
  }
  const same = Y.equalSnapshots(Y.snapshot(present.doc), Y.snapshot(late.doc))
  return same && editors.every((editor) => editor.isWholeIn(late.doc))
}
