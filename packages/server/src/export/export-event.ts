import type { PlenaryNode } from '@plenary/engine'
import {
  LIMITS,
  type AnyKind,
  type Entry,
  type Identity,
  type KindTable,
  type PollsView,
  type QuestionsView,
  type RoomId,
} from '@plenary/kinds'
import type { EventTable } from '../events/event-table.ts'
import type { Standing } from '../people/entrance.ts'
import { requireRight } from '../people/roles.ts'
import { chatHtmlHead, chatHtmlLine, chatLine, pollsCsv, postOf, questionsCsv } from './texts.ts'
import { zip, type ZipFile } from './zip.ts'

export interface ExportDeps {
  node: Pick<PlenaryNode, 'entries'>
  events: EventTable
  kinds: KindTable
  now: () => number
}

/**
 * All that staff may see of an event, as a ZIP while it is being read: the entries of each room as JSON lines, polls and questions as CSV,
 * chats as text and HTML. What was taken back stays taken back, and what is secret is for nobody. Throws `forbidden` before the first byte.
 */
export function exportEvent(deps: ExportDeps, { event, me }: Standing): AsyncGenerator<Uint8Array> {
  requireRight(me.role, 'exportEvent')
  const who: Identity = { user: me.id, name: me.name, event: event.id, role: me.role, issuedAt: deps.now() }

  async function* files(): AsyncGenerator<ZipFile> {
    const { id, code, title, status, rooms } = event
    yield { name: 'event.json', pieces: once(`${JSON.stringify({ id, code, title, status, rooms }, null, 2)}\n`) }
    for (const [place, room] of rooms.entries()) {
      const name = `${place + 1}-${room.kind}`
      yield {
        name: `${name}.jsonl`,
        pieces: lines(entriesOf(deps, room.id, who), (entry) => `${JSON.stringify(entry)}\n`),
      }
      const kind = deps.kinds.get(room.kind)
      if (kind?.name === 'polls')
        yield { name: `${name}.csv`, pieces: folded(kind, room.id, (view) => pollsCsv(view as PollsView)) }
      if (kind?.name === 'questions')
        yield { name: `${name}.csv`, pieces: folded(kind, room.id, (view) => questionsCsv(view as QuestionsView)) }
      if (kind?.name !== 'chat') continue
      const said = (write: (post: NonNullable<ReturnType<typeof postOf>>) => string) =>
        lines(entriesOf(deps, room.id, who), (entry) => {
          const post = postOf(entry)
          return post === null ? '' : write(post)
        })
      yield { name: `${name}.txt`, pieces: said(chatLine) }
      yield { name: `${name}.html`, pieces: joined(once(chatHtmlHead(`${title}: ${room.title}`)), said(chatHtmlLine)) }
    }
  }

  /** What staff see at the end of it. */
  async function* folded(kind: AnyKind, room: RoomId, write: (view: unknown) => string): AsyncGenerator<string> {
    const spec = await deps.events.findRoom(room)
    let view: unknown = kind.view(kind.initial(spec?.settings ?? {}), 'staff')
    for await (const page of entriesOf(deps, room, who))
      for (const entry of page) view = kind.evolveView(view, entry, me.id)
    yield write(view)
  }

  return zip(files())
}

/** A room's entries as staff see them, oldest first, page by page. */
async function* entriesOf({ node }: ExportDeps, room: RoomId, who: Identity): AsyncGenerator<Entry[]> {
  for (let after = 0, more = true; more;) {
    const page = await node.entries(room, who, { after, limit: LIMITS.historyPage })
    // Those past the slice only amend one inside; they come again in their own place.
    yield (page.entries as Entry[]).filter(({ seq }) => seq > after && seq <= page.through)
    more = page.more && page.through > after
    after = page.through
  }
}

async function* lines(pages: AsyncIterable<Entry[]>, write: (entry: Entry) => string): AsyncGenerator<string> {
  for await (const page of pages) yield page.map(write).join('')
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* joined(...parts: AsyncIterable<string>[]): AsyncGenerator<string> {
  for (const part of parts) yield* part
}
