import { BlockTree } from './block-tree.ts'
import { HEAD_GROUND, SEPARATOR, placeNamed, placeOf } from './docx-styles.ts'
import { openDocx } from './docx-package.ts'
import { DocxTextReader } from './docx-text.ts'
import { IMPORT_LIMITS, ImportRefused } from './limits.ts'
import { LossReport } from './losses.ts'
import { joinTexts, plainText } from './piece.ts'
import { tableOf } from './table-grid.ts'
import { child, isOn, valueOf } from './xml.ts'
import type { ItemOf } from './block-tree.ts'
import type { DocxPackage } from './docx-package.ts'
import type { Place } from './docx-styles.ts'
import type { Imported } from './html-in.ts'
import type { Piece } from './piece.ts'
import type { Cell } from './table-grid.ts'
import type { XmlElement } from './xml.ts'

/** Reads a DOCX file, ours or anyone's. Throws `ImportRefused`. */
export function docxToDocument(bytes: Uint8Array): Imported {
  const losses = new LossReport()
  const docx = openDocx(bytes)
  if (docx.hasHeaders) losses.add('header')
  const blocks = new DocxReader(docx, losses).blocks(docx.body.children)
  return {
    doc: { type: 'doc', content: blocks.length === 0 ? [{ type: 'paragraph' }] : blocks },
    losses: losses.list(),
  }
}

class DocxReader {
  readonly #docx: DocxPackage
  readonly #losses: LossReport
  readonly #text: DocxTextReader
  #count = 0

  constructor(docx: DocxPackage, losses: LossReport) {
    this.#docx = docx
    this.#losses = losses
    this.#text = new DocxTextReader(docx, losses)
  }

  blocks(elements: readonly XmlElement[]): Piece[] {
    const tree = new BlockTree()
    for (const element of unwrapped(elements)) {
      this.#count += 1
      if (this.#count > IMPORT_LIMITS.blocks) throw new ImportRefused('This file holds too much to be read.')
      if (element.name === 'w:p') this.#paragraph(element, tree)
      else if (element.name === 'w:tbl') this.#table(element, tree)
    }
    return tree.end()
  }

  #paragraph(element: XmlElement, tree: BlockTree): void {
    const format = child(element, 'w:pPr')
    const style = valueOf(format, 'w:pStyle')
    if (style === SEPARATOR) return
    const { content, box } = this.#text.read(element)
    const place = this.#place(style, format, content)
    const item = this.#item(format, style, box)
    const path = item !== null && !place.path.endsWith('l') ? `${place.path}${'l'.repeat(item.depth)}` : place.path
    if (place.what === 'rule') return tree.add({ type: 'horizontalRule' }, path, null)
    if (place.what === 'code') return tree.add(codeBlock(content, place), path, null)
    const pieces = this.#pieces(content, place, format)
    // An item begins with text; where a file begins it with something else, an empty line stands before.
    if (item !== null && pieces[0]?.type !== 'paragraph') pieces.unshift({ type: 'paragraph' })
    for (const [index, piece] of pieces.entries()) tree.add(piece, path, index === 0 ? item : null)
  }

  /** What a paragraph is, by its style; one of ours says it whole. */
  #place(style: string | undefined, format: XmlElement | undefined, content: readonly Piece[]): Place {
    const name = style === undefined ? undefined : this.#docx.style(style)?.name
    const own = style === undefined ? null : (placeOf(style) ?? (name === undefined ? null : placeNamed(name)))
    if (own !== null) return own
    const ruled = child(child(format, 'w:pBdr'), 'w:bottom') !== undefined
    if (ruled && content.length === 0) return { what: 'rule', path: '' }
    for (let at = style, steps = 0; at !== undefined && steps < 20; steps++) {
      const known = this.#docx.style(at)
      if (known === null) break
      const level = /^heading ([1-6])$/.exec(known.name)?.[1]
      if (level !== undefined) return { what: 'heading', level: Number(level), path: '' }
      if (known.name === 'title') return { what: 'heading', level: 1, path: '' }
      if (known.outline !== null) return { what: 'heading', level: known.outline + 1, path: '' }
      if (/^(?:intense )?quote$|^quotations$|^block text$/.test(known.name)) return { what: 'text', path: 'q' }
      if (/^(?:source code|html preformatted|preformatted text|code)$/.test(known.name))
        return { what: 'code', path: '' }
      at = known.basedOn ?? undefined
    }
    return { what: 'text', path: '' }
  }

  #item(
    format: XmlElement | undefined,
    style: string | undefined,
    box: { checked: boolean } | null,
  ): (ItemOf & { depth: number }) | null {
    const numbering = child(format, 'w:numPr') ?? (style === undefined ? undefined : this.#docx.style(style)?.numbering)
    const list = valueOf(numbering, 'w:numId')
    if (list === undefined || list === '0') return null
    const level = Math.max(0, Math.min(Number(valueOf(numbering, 'w:ilvl') ?? 0) || 0, 8))
    const known = this.#docx.level(list, level)
    // Headings are numbered by themselves and are no list for it.
    if (known === null) return null
    const ordered = !['bullet', 'none'].includes(known.format)
    if (ordered && known.format !== 'decimal') this.#losses.add('numbering')
    return {
      list: `${list}/${level}`,
      type: box === null ? (ordered ? 'orderedList' : 'bulletList') : 'taskList',
      start: known.start,
      checked: box?.checked ?? false,
      depth: level + 1,
    }
  }

  /** Text as paragraphs, images as blocks between them. */
  #pieces(content: readonly Piece[], place: Place, format: XmlElement | undefined): Piece[] {
    const align = alignOf(valueOf(format, 'w:jc'), isOn(format, 'w:bidi'))
    const attrs = {
      ...(place.what === 'heading' ? { level: place.level ?? 1 } : {}),
      ...(align === null ? {} : { textAlign: align }),
    }
    const wrap = (inside: Piece[]): Piece => ({
      type: place.what === 'heading' ? 'heading' : 'paragraph',
      ...(Object.keys(attrs).length === 0 ? {} : { attrs }),
      ...(inside.length === 0 ? {} : { content: inside }),
    })
    const pieces: Piece[] = []
    let run: Piece[] = []
    const flush = () => {
      const joined = joinTexts(run)
      if (joined.length > 0) pieces.push(wrap(joined))
      run = []
    }
    for (const part of content) {
      if (part.type === 'image') {
        flush()
        pieces.push(part)
      } else run.push(part)
    }
    flush()
    return pieces.length === 0 ? [wrap([])] : pieces
  }

  #table(table: XmlElement, tree: BlockTree): void {
    const rows = unwrapped(table.children).filter(({ name }) => name === 'w:tr')
    const grid = rows.map((row) => this.#row(row))
    const cells = grid.map((row, y) =>
      row.filter(({ goesOn }) => !goesOn).map((cell) => ({ ...cell, rowspan: heightOf(grid, y, cell) })),
    )
    const { table: made, moved } = tableOf(cells)
    if (moved) this.#losses.add('merged_grid')
    const style = valueOf(child(table, 'w:tblPr'), 'w:tblStyle')
    const path = /^Table_in_([qQl]+)$/.exec(style ?? '')?.[1] ?? ''
    if (made !== null) tree.add(made, path, null)
  }

  #row(row: XmlElement): GridCell[] {
    const heads = isOn(child(row, 'w:trPr'), 'w:tblHeader')
    let x = 0
    return unwrapped(row.children)
      .filter(({ name }) => name === 'w:tc')
      .map((cell): GridCell => {
        const format = child(cell, 'w:tcPr')
        const colspan = Math.max(1, Number(valueOf(format, 'w:gridSpan') ?? 1) || 1)
        const merge = child(format, 'w:vMerge')
        const at = x
        x += colspan
        const goesOn = merge !== undefined && merge.attributes['w:val'] !== 'restart'
        return {
          x: at,
          colspan,
          rowspan: 1,
          goesOn,
          header: heads || child(format, 'w:shd')?.attributes['w:fill']?.toUpperCase() === HEAD_GROUND,
          content: goesOn ? [] : this.blocks(cell.children),
        }
      })
  }
}

interface GridCell extends Cell {
  x: number
  /** It is a further row of the cell above. */
  goesOn: boolean
}

function heightOf(grid: readonly (readonly GridCell[])[], y: number, { x }: GridCell): number {
  let height = 1
  while (grid[y + height]?.some((below) => below.x === x && below.goesOn)) height += 1
  return height
}

/** Containers that mean nothing here give way to what is in them. */
function unwrapped(elements: readonly XmlElement[]): XmlElement[] {
  return elements.flatMap((element) => {
    if (element.name === 'w:sdt') return unwrapped(child(element, 'w:sdtContent')?.children ?? [])
    return ['w:customXml', 'w:ins', 'w:moveTo'].includes(element.name) ? unwrapped(element.children) : [element]
  })
}

function codeBlock(content: readonly Piece[], { language }: Place): Piece {
  const text = content.map(plainText).join('')
  return {
    type: 'codeBlock',
    ...(language === undefined ? {} : { attrs: { language } }),
    ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
  }
}

/** In a paragraph from right to left, Word's left is where its lines begin. */
function alignOf(value: string | undefined, right: boolean): string | null {
  switch (value) {
    case 'left':
    case 'start':
      return right ? 'right' : 'left'
    case 'right':
    case 'end':
      return right ? 'left' : 'right'
    case 'center':
      return 'center'
    case 'both':
    case 'distribute':
      return 'justify'
    default:
      return null
  }
}
