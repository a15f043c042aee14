import { schema } from '../schema.ts'
import { blocksToHtml } from './html-out.ts'
import { markdownToDocument } from './markdown-in.ts'
import { inlineToMarkdown } from './markdown-text.ts'
import { numberAttr, plainText, stringAttr } from './piece.ts'
import type { Piece } from './piece.ts'

/**
 * A document as Markdown. What Markdown has no sign for stands as HTML inside it. Each block is read again as it is written; one
 * that would not come back as it was is written as HTML as a whole, so that nothing is lost on the way.
 */
export function documentToMarkdown(doc: Piece): string {
  return `${sequence((doc.content ?? []).map((piece) => [piece, checked(piece)]))}\n`
}

function checked(piece: Piece): string {
  const markdown = block(piece)
  return markdown !== null && comesBack(piece, markdown) ? markdown : blocksToHtml([piece])
}

function comesBack(piece: Piece, markdown: string): boolean {
  const { doc } = markdownToDocument(markdown)
  return schema.nodeFromJSON(doc).eq(schema.nodeFromJSON({ type: 'doc', content: [piece] }))
}

const LISTS = new Set(['bulletList', 'orderedList', 'taskList'])
/** Two of these after each other would be read as one. */
const wouldJoin = (one: Piece | undefined, other: Piece) =>
  one !== undefined &&
  ((LISTS.has(one.type) && LISTS.has(other.type)) || (one.type === 'blockquote' && other.type === one.type))

function sequence(written: readonly (readonly [Piece, string])[]): string {
  return written
    .map(([piece, text], index) => (wouldJoin(written[index - 1]?.[0], piece) ? `<!-- -->\n\n${text}` : text))
    .join('\n\n')
}

/** All of them as Markdown; null when one of them has no way to be it. */
function blocks(pieces: readonly Piece[]): string | null {
  const written: [Piece, string][] = []
  for (const piece of pieces) {
    const text = block(piece)
    if (text === null) return null
    written.push([piece, text])
  }
  return sequence(written)
}

function block(piece: Piece): string | null {
  const inside = piece.content ?? []
  switch (piece.type) {
    case 'paragraph':
      return stringAttr(piece, 'textAlign') !== null || inside.length === 0 ? null : inlineToMarkdown(inside)
    case 'heading':
      if (stringAttr(piece, 'textAlign') !== null || inside.some(({ type }) => type === 'hardBreak')) return null
      return `${'#'.repeat(numberAttr(piece, 'level', 1))} ${inlineToMarkdown(inside)}`
    case 'blockquote':
      return prefixed(blocks(inside), '> ', '> ')
    case 'bulletList':
      return list(inside, () => '- ')
    case 'orderedList': {
      const start = numberAttr(piece, 'start', 1)
      return start < 0 ? null : list(inside, (index) => `${start + index}. `)
    }
    case 'taskList':
      return list(inside, (_index, item) => (item.attrs?.['checked'] === true ? '- [x] ' : '- [ ] '), '- '.length)
    case 'codeBlock':
      return codeBlock(piece)
    case 'horizontalRule':
      return '---'
    case 'image':
      return image(piece)
    case 'table':
      return table(inside)
    default:
      return null
  }
}

/** Markers of items and what is in them, further lines indented; apart when an item has more than text and lists. */
function list(items: readonly Piece[], marker: (index: number, item: Piece) => string, indent?: number): string | null {
  const close = items.every(
    ({ content = [] }) => content.slice(1).every(({ type }) => LISTS.has(type)) && content.length <= 2,
  )
  const written: string[] = []
  for (const [index, item] of items.entries()) {
    const sign = marker(index, item)
    const inside = blocks(item.content ?? [])
    if (inside === null) return null
    const text = close ? inside.replace(/\n\n/, '\n') : inside
    written.push(prefixed(text, sign, ' '.repeat(indent ?? sign.length)) ?? '')
  }
  return written.join(close ? '\n' : '\n\n')
}

function prefixed(text: string | null, first: string, rest: string): string | null {
  if (text === null) return null
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? first : rest}${line}`.replace(/ +$/, (end) => (line === '' ? '' : end)))
    .join('\n')
}

function codeBlock(piece: Piece): string | null {
  const language = stringAttr(piece, 'language') ?? ''
  if (!/^[\w+#.-]*$/.test(language)) return null
  const text = plainText(piece)
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${text}${text === '' ? '' : '\n'}${fence}`
}

function image(piece: Piece): string | null {
  const [src, alt, title] = ['src', 'alt', 'title'].map((name) => stringAttr(piece, name) ?? '')
  if (src === undefined || /[\s()<>]/.test(src) || /["\n\\]/.test(title ?? '')) return null
  const words = inlineToMarkdown([{ type: 'text', text: alt ?? '' }])
  return `![${words}](${src}${title === '' || title === undefined ? '' : ` "${title}"`})`
}

const RULES: Readonly<Record<string, string>> = { left: ':---', center: ':---:', right: '---:' }

/** One line for each row, when every cell is a line of text and the first row is the heading. */
function table(rows: readonly Piece[]): string | null {
  const grid = rows.map(({ content = [] }) => content)
  const [head, ...body] = grid
  if (head === undefined || head.some(({ type }) => type !== 'tableHeader')) return null
  if (body.flat().some(({ type }) => type === 'tableHeader')) return null
  const texts = grid.map((row) => row.map(cellText))
  if (texts.flat().includes(null)) return null
  const aligned = head.map((_cell, column) => alignOf(grid, column))
  if (aligned.includes(undefined)) return null
  const line = (cells: readonly (string | null)[]) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`
  const [first = [], ...others] = texts
  const rule = aligned.map((align) => (align === null || align === undefined ? '---' : (RULES[align] ?? '---')))
  return [line(first), line(rule), ...others.map(line)].join('\n')
}

function cellText(cell: Piece): string | null {
  const [only, ...more] = cell.content ?? []
  const spans = numberAttr(cell, 'colspan', 1) * numberAttr(cell, 'rowspan', 1)
  if (only?.type !== 'paragraph' || more.length > 0 || spans !== 1) return null
  if (only.content?.some(({ type }) => type === 'hardBreak')) return null
  return inlineToMarkdown(only.content ?? []).replaceAll('|', '\\|')
}

/** How a whole column is aligned; undefined when its cells differ. */
function alignOf(grid: readonly (readonly Piece[])[], column: number): string | null | undefined {
  const all = grid.map((row) => {
    const paragraph = row[column]?.content?.[0]
    return paragraph === undefined ? null : stringAttr(paragraph, 'textAlign')
  })
  const [first] = all
  return first !== 'justify' && all.every((align) => align === first) ? first : undefined
}
