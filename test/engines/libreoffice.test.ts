import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { docxToDocument } from '../../packages/web/src/document/convert/docx-in.ts'
import { documentToDocx } from '../../packages/web/src/document/convert/docx-out.ts'
import { bytesOfDataUrl, imageFile } from '../../packages/web/src/document/convert/image-file.ts'
import { plainText } from '../../packages/web/src/document/convert/piece.ts'
import type { Piece } from '../../packages/web/src/document/convert/piece.ts'
import { CORPUS, longDocument } from '../../packages/web/src/document/testing/corpus.ts'
import { convertWithLibreOffice, pagesOfPdf, provideLibreOffice } from '../../scripts/engines/libreoffice.ts'

const OFFICE_MS_MAX = 180_000
let office: string | null = null
beforeAll(async () => {
  office = await provideLibreOffice()
}, OFFICE_MS_MAX)

async function images(src: string) {
  const bytes = bytesOfDataUrl(src)
  return await Promise.resolve(bytes === null ? null : imageFile(bytes))
}

/** Everything of the corpus in one document, each part under its name. */
const corpus = Object.entries(CORPUS).flatMap(([name, content]): Piece[] => [
  { type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text: name }] },
  ...content,
])
const letters = (text: string) => text.normalize('NFKC').replaceAll(/[^\p{L}\p{N}]/gu, '')

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-office-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test(
  'a DOCX of every feature opens in LibreOffice, and its pages hold the text',
  { timeout: OFFICE_MS_MAX },
  async (context) => {
    if (office === null) return context.skip()
    await inFolder(async (folder) => {
      const file = join(folder, 'corpus.docx')
      await writeFile(file, await documentToDocx({ type: 'doc', content: corpus }, 'Corpus', images))
      await convertWithLibreOffice(file, 'pdf', folder)
      const pages = await pagesOfPdf(join(folder, 'corpus.pdf'))
      expect(pages.length).toBeGreaterThan(5)
      const text = letters(pages.join(''))
      // Right-to-left lines come out in the order in which they are drawn, and Chinese signs need a font that is not installed for this.
      for (const name of Object.keys(CORPUS)) expect(text).toContain(letters(name))
      for (const words of ['deeper', 'secondparagraph', 'graphs', 'Größe', 'русский', 'Theend'])
        expect(text).toContain(letters(words))
      const shelf = process.env['KEEP_PAGES']
      if (shelf === undefined) return
      await mkdir(shelf, { recursive: true })
      await writeFile(join(shelf, 'corpus.pdf'), await readFile(join(folder, 'corpus.pdf')))
    })
  },
)

test(
  'what LibreOffice saves again is read with every word in its block',
  { timeout: OFFICE_MS_MAX },
  async (context) => {
    if (office === null) return context.skip()
    await inFolder(async (folder) => {
      const file = join(folder, 'corpus.docx')
      const again = join(folder, 'again')
      await writeFile(file, await documentToDocx({ type: 'doc', content: corpus }, 'Corpus', images))
      await mkdir(again)
      await convertWithLibreOffice(file, 'docx', again)
      const { doc } = docxToDocument(await readFile(join(again, 'corpus.docx')))
      expect(wordsOf(doc)).toEqual(wordsOf({ type: 'doc', content: corpus }))
      expect(headingsOf(doc)).toEqual(headingsOf({ type: 'doc', content: corpus }))
    })
  },
)

test(
  'a DOCX of 200 pages opens in LibreOffice with all its chapters in order',
  { timeout: OFFICE_MS_MAX },
  async (context) => {
    if (office === null) return context.skip()
    await inFolder(async (folder) => {
      const file = join(folder, 'long.docx')
      await writeFile(file, await documentToDocx({ type: 'doc', content: longDocument(200) }, 'Long', images))
      await convertWithLibreOffice(file, 'pdf', folder)
      const pages = await pagesOfPdf(join(folder, 'long.pdf'))
      expect(pages.length).toBeGreaterThan(100)
      const chapters = [...pages.join('').matchAll(/Chapter (\d+)/g)].map(([, number]) => Number(number))
      expect(chapters).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    })
  },
)

/** The text of every block that holds text and no blocks, in order. */
function wordsOf(piece: Piece): string[] {
  if (piece.type === 'text') return []
  const inside = piece.content ?? []
  const holdsText = inside.some(({ type }) => type === 'text' || type === 'hardBreak')
  return holdsText ? [plainText(piece).trim()].filter((text) => text !== '') : inside.flatMap(wordsOf)
}

function headingsOf(doc: Piece): string[] {
  return (doc.content ?? []).filter(({ type }) => type === 'heading').map(plainText)
}
