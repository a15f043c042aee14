import type { Entry } from '@plenary/kinds'
import type { Standing } from '../people/entrance.ts'
import { requireRight } from '../people/roles.ts'
import { nameOf, TABLES } from './export-table.ts'
import { entriesOf, readerOf, viewOf, type ExportDeps } from './room-entries.ts'
import { chatHtmlHead, chatHtmlLine, chatLine, postOf } from './texts.ts'
import { zip, type ZipFile } from './zip.ts'

/**
 * All that staff may see of an event, as a ZIP while it is being read: the entries of each room as JSON lines, polls and questions as CSV,
 * chats as text and HTML. What was taken back stays taken back, and what is secret is for nobody. Throws `forbidden` before the first byte.
 */
export function exportEvent(deps: ExportDeps, standing: Standing): AsyncGenerator<Uint8Array> {
  const { event, me } = standing
  requireRight(me.role, 'exportEvent')
  const who = readerOf(deps, standing)

  async function* files(): AsyncGenerator<ZipFile> {
    const { id, code, title, status, rooms } = event
    yield { name: 'event.json', pieces: once(`${JSON.stringify({ id, code, title, status, rooms }, null, 2)}\n`) }
    for (const [place, room] of rooms.entries()) {
      const name = nameOf(place, room.kind)
      yield {
        name: `${name}.jsonl`,
        pieces: lines(entriesOf(deps, room.id, who), (entry) => `${JSON.stringify(entry)}\n`),
      }
      const kind = deps.kinds.get(room.kind)
      const table = TABLES[room.kind]
      if (kind !== undefined && table !== undefined)
        yield { name: `${name}.csv`, pieces: later(async () => table(await viewOf(deps, kind, room.id, who))) }
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

  return zip(files())
}

async function* lines(pages: AsyncIterable<Entry[]>, write: (entry: Entry) => string): AsyncGenerator<string> {
  for await (const page of pages) yield page.map(write).join('')
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* later(text: () => Promise<string>): AsyncGenerator<string> {
  yield await text()
}

async function* joined(...parts: AsyncIterable<string>[]): AsyncGenerator<string> {
  for (const part of parts) yield* part
}
