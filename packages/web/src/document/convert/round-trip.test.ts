import { describe, expect, test } from 'vitest'
import { schema } from '../schema.ts'
import { CORPUS, longDocument } from '../testing/corpus.ts'
import { docxToDocument } from './docx-in.ts'
import { documentToDocx } from './docx-out.ts'
import { bytesOfDataUrl, imageFile } from './image-file.ts'
import { documentToHtml } from './html-out.ts'
import { htmlToDocument } from './html-in.ts'
import { markdownToDocument } from './markdown-in.ts'
import { documentToMarkdown } from './markdown-out.ts'
import type { Imported } from './html-in.ts'
import type { Piece } from './piece.ts'

const WAYS: Readonly<Record<string, (doc: Piece) => Imported | Promise<Imported>>> = {
  HTML: (doc) => htmlToDocument(documentToHtml(doc, 'A title')),
  Markdown: (doc) => markdownToDocument(documentToMarkdown(doc)),
  DOCX: async (doc) => docxToDocument(await documentToDocx(doc, 'A title', images)),
}

async function images(src: string) {
  const bytes = bytesOfDataUrl(src)
  return await Promise.resolve(bytes === null ? null : imageFile(bytes))
}

/** The table of supported features says that DOCX has none. */
function withoutLinkTitles(piece: Piece): Piece {
  return JSON.parse(
    JSON.stringify(piece, (key, value: unknown) => (key === 'title' && piece.type === 'paragraph' ? undefined : value)),
  ) as Piece
}

/** As the editor would hold it, with every default filled in. */
function whole(doc: Piece): unknown {
  const node = schema.nodeFromJSON(doc)
  node.check()
  return node.toJSON()
}

describe.each(Object.entries(WAYS))('through %s and back, equal and nothing reported lost:', (way, send) => {
  test.each(Object.entries(CORPUS))('%s', async (_name, content) => {
    const doc = { type: 'doc', content: way === 'DOCX' ? content.map(withoutLinkTitles) : [...content] }
    const { doc: back, losses } = await send(doc)
    expect(whole(back)).toEqual(whole(doc))
    expect(losses).toEqual([])
  })

  test('200 pages', { timeout: 60_000 }, async () => {
    const doc = { type: 'doc', content: longDocument(200) }
    const { doc: back } = await send(doc)
    expect(schema.nodeFromJSON(back).eq(schema.nodeFromJSON(doc))).toBe(true)
  })
})

test('what Markdown can say stands as Markdown, and not as HTML', () => {
  const { everything, tables, headings, links } = CORPUS
  const doc = {
    type: 'doc',
    content: [...(headings ?? []), ...(everything ?? []), ...(tables ?? []), ...(links ?? [])],
  }
  expect(documentToMarkdown(doc)).toMatchSnapshot()
})
