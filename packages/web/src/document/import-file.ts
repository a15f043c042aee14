import { htmlToDocument } from './convert/html-in.ts'
import { bytesOfDataUrl, imageFile } from './convert/image-file.ts'
import { IMPORT_LIMITS, ImportRefused } from './convert/limits.ts'
import { markdownToDocument } from './convert/markdown-in.ts'
import { chooseFiles } from './images.ts'
import { schema } from './schema.ts'
import type { Editor } from '@tiptap/core'
import type { Imported } from './convert/html-in.ts'
import type { Piece } from './convert/piece.ts'

const ACCEPTED = '.docx,.md,.markdown,.txt,.html,.htm'
/** A change of the document that goes out as one; a whole book would be more than one command may carry. */
const BLOCKS_AT_ONCE = 60

/** Lets people choose a file and reads it; null when they change their mind. Throws `ImportRefused`. */
export async function chooseImport(): Promise<(Imported & { name: string }) | null> {
  const [file] = await chooseFiles(ACCEPTED, false)
  return file === undefined ? null : { name: file.name, ...(await readFile(file)) }
}

/** Reads a file by the end of its name. Throws `ImportRefused`. */
async function readFile(file: File): Promise<Imported> {
  if (file.size > IMPORT_LIMITS.fileBytes) throw new ImportRefused('This file is too large: 20 MB is the most.')
  const ending = file.name.split('.').at(-1)?.toLowerCase()
  if (ending === 'docx') {
    const { docxToDocument } = await import('./convert/docx-in.ts')
    return docxToDocument(new Uint8Array(await file.arrayBuffer()))
  }
  if (ending === 'html' || ending === 'htm') return htmlToDocument(await file.text())
  if (ending === 'md' || ending === 'markdown' || ending === 'txt') return markdownToDocument(await file.text())
  throw new ImportRefused('Only Word (DOCX), Markdown, HTML and text files can be imported.')
}

/** Puts a document that was read into the one that is open; images in it are uploaded first. */
export async function insertDocument(
  editor: Editor,
  doc: Piece,
  how: 'replace' | 'append',
  upload: (file: File) => Promise<string>,
): Promise<void> {
  const blocks = ((await hosted(doc, upload)).content ?? []).map(
    (block) => schema.nodeFromJSON(block).toJSON() as Piece,
  )
  for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) {
    if (editor.isDestroyed) return
    const { size } = editor.state.doc.content
    const place = how === 'replace' && at === 0 ? { from: 0, to: size } : size
    editor.commands.insertContentAt(place, blocks.slice(at, at + BLOCKS_AT_ONCE))
  }
}

/** The same document, with images at addresses of ours in place of images inside it. */
async function hosted(piece: Piece, upload: (file: File) => Promise<string>): Promise<Piece> {
  const src = piece.type === 'image' ? piece.attrs?.['src'] : undefined
  const bytes = typeof src === 'string' ? bytesOfDataUrl(src) : null
  const file = bytes === null ? null : imageFile(bytes)
  if (file !== null) {
    const name = `image.${file.type.split('/')[1]}`
    const address = await upload(new File([new Uint8Array(file.bytes)], name, { type: file.type }))
    return { ...piece, attrs: { ...piece.attrs, src: address } }
  }
  if (piece.content === undefined) return piece
  const content: Piece[] = []
  for (const part of piece.content) content.push(await hosted(part, upload))
  return { ...piece, content }
}
