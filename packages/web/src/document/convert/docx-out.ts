import {
  AlignmentType,
  BorderStyle,
  CheckBox,
  Document,
  ExternalHyperlink,
  ImageRun,
  Packer,
  Paragraph,
  ShadingType,
  Tab,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { FileChild, IParagraphOptions, ParagraphChild } from 'docx'
import { HIGHLIGHT_COLOURS, TEXT_COLOURS } from '../colours.ts'
import { CHARACTER_STYLES, HEAD_GROUND, INLINE_CODE, SEPARATOR, paragraphStyle, styleIdOf } from './docx-styles.ts'
import { Numbering } from './docx-numbering.ts'
import { colourAttr, hasMark, numberAttr, plainText, stringAttr } from './piece.ts'
import type { ImageFile } from './image-file.ts'
import type { NumberedAs } from './docx-numbering.ts'
import type { Place } from './docx-styles.ts'
import type { Piece } from './piece.ts'

/** Where the bytes of images come from; null when one is not to be had. */
export type ImageSource = (src: string) => Promise<ImageFile | null>

/** A document as a DOCX file, for Word, LibreOffice and the like. */
export async function documentToDocx(doc: Piece, title: string, images: ImageSource): Promise<Uint8Array> {
  const writer = new DocxWriter(await imagesOf(doc, images))
  const children = writer.blocks(doc.content ?? [], '')
  const file = new Document({
    title,
    creator: 'Plenary',
    features: { updateFields: false },
    numbering: { config: writer.numbering.config },
    styles: {
      default: DEFAULT_STYLES,
      paragraphStyles: [
        {
          id: SEPARATOR,
          name: 'Separator',
          basedOn: 'Normal',
          run: { size: 4 },
          paragraph: { spacing: { before: 0, after: 0 } },
        },
        ...writer.styles,
      ],
      characterStyles: CHARACTER_STYLES,
    },
    sections: [{ children }],
  })
  return new Uint8Array(await Packer.toArrayBuffer(file))
}

const headingStyle = (size: number) => ({
  run: { bold: true, size, color: '10201B' },
  paragraph: { spacing: { before: 280, after: 100 }, keepNext: true },
})
const DEFAULT_STYLES = {
  document: { run: { font: 'Calibri', size: 22 }, paragraph: { spacing: { after: 140, line: 290 } } },
  heading1: headingStyle(40),
  heading2: headingStyle(32),
  heading3: headingStyle(27),
  heading4: headingStyle(24),
  heading5: headingStyle(22),
  heading6: headingStyle(20),
  hyperlink: { run: { color: '0A5A4C', underline: { type: 'single' as const } } },
}

async function imagesOf(doc: Piece, source: ImageSource): Promise<Map<string, ImageFile>> {
  const wanted = new Set<string>()
  const look = (piece: Piece) => {
    if (piece.type === 'image') wanted.add(stringAttr(piece, 'src') ?? '')
    piece.content?.forEach(look)
  }
  look(doc)
  const files = await Promise.all([...wanted].map(async (src) => [src, await source(src)] as const))
  return new Map(files.flatMap(([src, file]) => (file === null ? [] : [[src, file] as const])))
}

/** What stands before the first paragraph of an item. */
interface Lead {
  numbered: NumberedAs
  checked?: boolean
}

class DocxWriter {
  readonly numbering = new Numbering()
  readonly #styles = new Map<string, Place>()
  readonly #images: ReadonlyMap<string, ImageFile>

  constructor(images: ReadonlyMap<string, ImageFile>) {
    this.#images = images
  }

  get styles() {
    return [...this.#styles.values()].flatMap((place) => paragraphStyle(place) ?? [])
  }

  blocks(pieces: readonly Piece[], path: string): FileChild[] {
    const children: FileChild[] = []
    let quote = 'q'
    for (const [index, piece] of pieces.entries()) {
      const joins = piece.type === 'blockquote' && pieces[index - 1]?.type === 'blockquote'
      quote = joins && quote === 'q' ? 'Q' : 'q'
      children.push(...this.#block(piece, piece.type === 'blockquote' ? `${path}${quote}` : path))
      // Word would make one table of two, and a cell must not end with one.
      if (piece.type === 'table') children.push(new Paragraph({ style: SEPARATOR }))
    }
    return children
  }

  #block(piece: Piece, path: string, lead?: Lead): FileChild[] {
    const inside = piece.content ?? []
    switch (piece.type) {
      case 'heading':
        return [this.#text(piece, { what: 'heading', level: numberAttr(piece, 'level', 1), path })]
      case 'bulletList':
      case 'orderedList':
      case 'taskList':
        return this.#list(piece, `${path}l`)
      case 'blockquote':
        return this.blocks(inside, path)
      case 'codeBlock': {
        const language = stringAttr(piece, 'language')
        const place: Place = { what: 'code', path, ...(language === null || language === '' ? {} : { language }) }
        return [this.#paragraph(place, { children: codeRuns(plainText(piece)) })]
      }
      case 'horizontalRule':
        return [this.#paragraph({ what: 'rule', path }, {})]
      case 'image':
        return [this.#image(piece, path)]
      case 'table':
        return [this.#table(inside, path)]
      default:
        return [this.#text(piece, { what: 'text', path }, lead)]
    }
  }

  #list(list: Piece, path: string): FileChild[] {
    const depth = path.replaceAll(/[^l]/g, '').length
    const numbered = this.numbering.list(list.type, numberAttr(list, 'start', 1), depth)
    return (list.content ?? []).flatMap((item) => {
      const [first, ...rest] = item.content ?? []
      const lead: Lead = {
        numbered,
        ...(item.type === 'taskItem' ? { checked: item.attrs?.['checked'] === true } : {}),
      }
      return [...(first === undefined ? [] : this.#block(first, path, lead)), ...this.blocks(rest, path)]
    })
  }

  #text(piece: Piece, place: Place, lead?: Lead): Paragraph {
    const right = isRightToLeft(plainText(piece))
    const align = ALIGNMENTS.get(stringAttr(piece, 'textAlign'))
    const box =
      lead?.checked === undefined
        ? []
        : [new CheckBox({ checked: lead.checked, checkedState: BOXES[1], uncheckedState: BOXES[0] }), new TextRun(' ')]
    return this.#paragraph(
      // A first paragraph of an item in a list that stands in nothing else is known by its number.
      lead !== undefined && /^l+$/.test(place.path) ? { ...place, path: '' } : place,
      {
        children: [...box, ...runs(piece.content ?? [])],
        ...(lead === undefined ? {} : { numbering: lead.numbered }),
        ...(right ? { bidirectional: true } : {}),
        ...(align === undefined ? {} : { alignment: align }),
      },
    )
  }

  #paragraph(place: Place, options: IParagraphOptions): Paragraph {
    const style = styleIdOf(place)
    if (style !== null) this.#styles.set(style, place)
    return new Paragraph({ ...options, ...(style === null ? {} : { style }) })
  }

  #image(piece: Piece, path: string): Paragraph {
    const file = this.#images.get(stringAttr(piece, 'src') ?? '')
    const [alt, title] = [stringAttr(piece, 'alt'), stringAttr(piece, 'title')]
    if (file === undefined || file.type === 'image/webp')
      return this.#paragraph(
        { what: 'text', path },
        { children: [new TextRun({ text: `[${alt ?? 'image'}]`, italics: true })] },
      )
    const scale = Math.min(1, PAGE_PX / Math.max(1, file.width))
    return this.#paragraph(
      { what: 'picture', path },
      {
        children: [
          new ImageRun({
            type: IMAGE_TYPES[file.type],
            data: file.bytes,
            transformation: {
              width: Math.max(1, Math.round(file.width * scale)),
              height: Math.max(1, Math.round(file.height * scale)),
            },
            altText: {
              name: 'Picture',
              ...(alt === null ? {} : { description: alt }),
              ...(title === null ? {} : { title }),
            },
          }),
        ],
      },
    )
  }

  #table(rows: readonly Piece[], path: string): Table {
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      borders: { top: LINE, bottom: LINE, left: LINE, right: LINE, insideHorizontal: LINE, insideVertical: LINE },
      margins: { top: 60, bottom: 60, left: 110, right: 110 },
      ...(path === '' ? {} : { style: `Table_in_${path}` }),
      rows: rows.map((row, index) => {
        const cells = row.content ?? []
        const heads = index === 0 && cells.length > 0 && cells.every(({ type }) => type === 'tableHeader')
        return new TableRow({
          ...(heads ? { tableHeader: true } : {}),
          children: cells.map(
            (cell) =>
              new TableCell({
                columnSpan: numberAttr(cell, 'colspan', 1),
                rowSpan: numberAttr(cell, 'rowspan', 1),
                ...(cell.type === 'tableHeader' ? { shading: { type: ShadingType.CLEAR, fill: HEAD_GROUND } } : {}),
                children: this.blocks(cell.content ?? [], '') as (Paragraph | Table)[],
              }),
          ),
        })
      }),
    })
  }
}

const LINE = { style: BorderStyle.SINGLE, size: 4, color: 'CFD9D4' }
const BOXES = [
  { value: '2610', font: 'Segoe UI Symbol' },
  { value: '2612', font: 'Segoe UI Symbol' },
] as const
const IMAGE_TYPES = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif' } as const
/** The width between the margins of a page. */
const PAGE_PX = 600

function runs(pieces: readonly Piece[]): ParagraphChild[] {
  const children: ParagraphChild[] = []
  let linked = { href: '', children }
  for (const piece of pieces) {
    const link = piece.marks?.find(({ type }) => type === 'link')
    const href = link === undefined ? '' : (stringAttr(link, 'href') ?? '')
    if (href === '') linked = { href, children }
    else if (linked.href !== href) {
      linked = { href, children: [] }
      children.push(new ExternalHyperlink({ link: href, children: linked.children }))
    }
    linked.children.push(run(piece, href !== ''))
  }
  return children
}

function run(piece: Piece, linked: boolean): TextRun {
  const colour = piece.marks?.find(({ type }) => type === 'textColor')
  const ground = piece.marks?.find(({ type }) => type === 'highlight')
  const style = hasMark(piece, 'code') ? INLINE_CODE : linked ? 'Hyperlink' : undefined
  const words = writable(piece.text ?? '')
  return new TextRun({
    ...(style === undefined ? {} : { style }),
    ...(hasMark(piece, 'bold') ? { bold: true } : {}),
    ...(hasMark(piece, 'italic') ? { italics: true } : {}),
    ...(hasMark(piece, 'strike') ? { strike: true } : {}),
    ...(hasMark(piece, 'underline') ? { underline: { type: 'single' } } : {}),
    ...(colour === undefined ? {} : { color: TEXT_COLOURS[colourAttr(colour)].slice(1) }),
    ...(ground === undefined
      ? {}
      : { shading: { type: ShadingType.CLEAR, fill: HIGHLIGHT_COLOURS[colourAttr(ground)].slice(1) } }),
    ...(isRightToLeft(words) ? { rightToLeft: true } : {}),
    ...(piece.type === 'hardBreak' ? { break: 1 } : { children: withTabs(words) }),
  })
}

const withTabs = (words: string) =>
  words.split('\t').flatMap((part, index) => (index === 0 ? [part] : [new Tab(), part]))

function codeRuns(code: string): TextRun[] {
  return writable(code)
    .split('\n')
    .map((line, index) => new TextRun({ children: withTabs(line), ...(index === 0 ? {} : { break: 1 }) }))
}

/** XML has no place for most control characters. */
function writable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}

/** By its first letter that has a direction. */
function isRightToLeft(text: string): boolean {
  const letter = /\p{L}/u.exec(text)?.[0]
  return letter !== undefined && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(letter)
}

const ALIGNMENTS = new Map<string | null, NonNullable<IParagraphOptions['alignment']>>([
  ['left', AlignmentType.LEFT],
  ['center', AlignmentType.CENTER],
  ['right', AlignmentType.RIGHT],
  ['justify', AlignmentType.BOTH],
])
