import { documentToDocx } from './convert/docx-out.ts'
import { documentToHtml } from './convert/html-out.ts'
import { bytesOfDataUrl, imageFile } from './convert/image-file.ts'
import { documentToMarkdown } from './convert/markdown-out.ts'
import { saveAs } from '../shell/save-as.ts'
import type { ImageFile } from './convert/image-file.ts'
import type { Piece } from './convert/piece.ts'

const TYPES = {
  md: 'text/markdown',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
} as const
export type FileFormat = keyof typeof TYPES

/** Saves a document as a file on this device. */
export async function exportFile(doc: Piece, title: string, format: FileFormat): Promise<void> {
  const content = await contentOf(doc, title, format)
  saveAs(new Blob([content], { type: TYPES[format] }), `${fileName(title)}.${format}`)
}

async function contentOf(doc: Piece, title: string, format: FileFormat): Promise<string | Uint8Array<ArrayBuffer>> {
  if (format === 'docx') return new Uint8Array(await documentToDocx(doc, title, imageOf))
  const whole = await withImages(doc)
  return format === 'md' ? documentToMarkdown(whole) : documentToHtml(whole, title)
}

/** A title without what no file system takes. */
const fileName = (title: string) => title.replaceAll(/[/\\:*?"<>|]/g, ' ').trim() || 'Document'

/** The file of an image of ours; WebP, which Word does not know, becomes PNG. */
async function imageOf(src: string): Promise<ImageFile | null> {
  const bytes = bytesOfDataUrl(src) ?? (await bytesAt(src))
  const file = bytes === null ? null : imageFile(bytes)
  return file?.type === 'image/webp' ? await asPng(file) : file
}

async function bytesAt(src: string): Promise<Uint8Array | null> {
  const answer = await fetch(src)
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null
}

async function asPng({ bytes, type }: ImageFile): Promise<ImageFile | null> {
  const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }))
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  canvas.getContext('2d')?.drawImage(picture, 0, 0)
  picture.close()
  const png = await canvas.convertToBlob({ type: 'image/png' })
  return imageFile(new Uint8Array(await png.arrayBuffer()))
}

/** The same document with its images inside it, so that the file stands on its own. */
async function withImages(piece: Piece): Promise<Piece> {
  if (piece.type === 'image' && typeof piece.attrs?.['src'] === 'string') {
    const { src } = piece.attrs
    const bytes = bytesOfDataUrl(src) ?? (await bytesAt(src))
    const file = bytes === null ? null : imageFile(bytes)
    if (file === null) return piece
    const { dataUrl } = await import('./convert/image-file.ts')
    return { ...piece, attrs: { ...piece.attrs, src: dataUrl(file) } }
  }
  if (piece.content === undefined) return piece
  const content: Piece[] = []
  for (const part of piece.content) content.push(await withImages(part))
  return { ...piece, content }
}
