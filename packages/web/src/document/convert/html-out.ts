import { HIGHLIGHT_COLOURS, TEXT_COLOURS } from '../colours.ts'
import { colourAttr, numberAttr, orderedMarks, sameMark, stringAttr } from './piece.ts'
import type { Piece, PieceMark } from './piece.ts'

/** A document as HTML of one line: no line break in it, so that it can also stand in Markdown. */
export function blocksToHtml(blocks: readonly Piece[]): string {
  return blocks.map(block).join('')
}

/** A whole page to save and open anywhere. */
export function documentToHtml(doc: Piece, title: string): string {
  const body = (doc.content ?? []).map(block).join('\n')
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`
}

const PAGE_STYLE =
  'body{font:17px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}' +
  'pre{background:#eff3f0;padding:1rem;overflow:auto}blockquote{border-left:4px solid #cfd9d4;margin-left:0;padding-left:1rem}' +
  'table{border-collapse:collapse}td,th{border:1px solid #cfd9d4;padding:.4rem .6rem;vertical-align:top;text-align:start}' +
  'th{background:#eff3f0}img{max-width:100%}ul[data-tasks]{list-style:none;padding-left:0}ul[data-tasks]>li{display:flex;gap:.5rem}'

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\u00a0', '&nbsp;')
}
export const escapeAttribute = (text: string) => escapeText(text).replaceAll('"', '&quot;')

function block(piece: Piece): string {
  const inside = piece.content ?? []
  switch (piece.type) {
    case 'paragraph':
      return textBlock('p', piece)
    case 'heading':
      return textBlock(`h${numberAttr(piece, 'level', 1)}`, piece)
    case 'bulletList':
      return `<ul>${inside.map(item).join('')}</ul>`
    case 'orderedList': {
      const start = numberAttr(piece, 'start', 1)
      return `<ol${start === 1 ? '' : ` start="${start}"`}>${inside.map(item).join('')}</ol>`
    }
    case 'taskList':
      return `<ul data-tasks>${inside.map(task).join('')}</ul>`
    case 'blockquote':
      return `<blockquote>${blocksToHtml(inside)}</blockquote>`
    case 'codeBlock': {
      const language = stringAttr(piece, 'language')
      const name = language === null || language === '' ? '' : ` class="language-${escapeAttribute(language)}"`
      // Readers take one line break off the end, because most writers put one there.
      return `<pre><code${name}>${escapeText(inside.map((part) => part.text ?? '').join(''))}&#10;</code></pre>`
    }
    case 'horizontalRule':
      return '<hr>'
    case 'image':
      return image(piece)
    case 'table':
      return `<table><tbody>${inside.map((row) => `<tr>${(row.content ?? []).map(cell).join('')}</tr>`).join('')}</tbody></table>`
    default:
      return blocksToHtml(inside)
  }
}

/** Spaces that HTML would fold are said to be meant. */
const needsSpaces = (pieces: readonly Piece[]) => {
  const text = pieces.map((piece) => (piece.type === 'hardBreak' ? '\n' : (piece.text ?? ''))).join('')
  return /^ | $| {2}|[\t\f]| \n|\n /.test(text)
}

function textBlock(tag: string, piece: Piece): string {
  const align = stringAttr(piece, 'textAlign')
  const inside = piece.content ?? []
  const style = [
    ...(align === null ? [] : [`text-align: ${align}`]),
    ...(needsSpaces(inside) ? ['white-space: pre-wrap'] : []),
  ].join('; ')
  return `<${tag}${style === '' ? '' : ` style="${style}"`}>${inlineToHtml(inside)}</${tag}>`
}

/** Text with its marks; marks that go on from one text to the next stay open. */
function inlineToHtml(pieces: readonly Piece[]): string {
  let html = ''
  let open: PieceMark[] = []
  const closeTo = (depth: number) => {
    html += open
      .slice(depth)
      .toReversed()
      .map((mark) => tagsOf(mark)[1])
      .join('')
    open = open.slice(0, depth)
  }
  for (const piece of pieces) {
    const marks = orderedMarks(piece)
    let shared = 0
    for (const mark of open) {
      const other = marks[shared]
      if (other === undefined || !sameMark(mark, other)) break
      shared += 1
    }
    closeTo(shared)
    for (const mark of marks.slice(shared)) {
      html += tagsOf(mark)[0]
      open.push(mark)
    }
    html += piece.type === 'hardBreak' ? '<br>' : escapeText(piece.text ?? '')
  }
  closeTo(0)
  return html
}

const TAGS: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strike: 's',
  code: 'code',
}

/** What opens a mark and what closes it. */
export function tagsOf(mark: PieceMark): [string, string] {
  if (mark.type === 'link') {
    const title = stringAttr(mark, 'title')
    const more = title === null ? '' : ` title="${escapeAttribute(title)}"`
    return [`<a href="${escapeAttribute(stringAttr(mark, 'href') ?? '')}"${more}>`, '</a>']
  }
  const colour = colourAttr(mark)
  if (mark.type === 'textColor')
    return [`<span data-color="${colour}" style="color: ${TEXT_COLOURS[colour]}">`, '</span>']
  if (mark.type === 'highlight')
    return [`<mark data-highlight="${colour}" style="background-color: ${HIGHLIGHT_COLOURS[colour]}">`, '</mark>']
  const tag = TAGS[mark.type] ?? 'span'
  return [`<${tag}>`, `</${tag}>`]
}

const item = (piece: Piece) => `<li>${itemContent(piece.content ?? [])}</li>`

const task = (piece: Piece) => {
  const checked = piece.attrs?.['checked'] === true ? ' checked' : ''
  return `<li><input type="checkbox" disabled${checked}><div>${blocksToHtml(piece.content ?? [])}</div></li>`
}

/** A single plain paragraph of an item stands without its tag, as people write lists. */
function itemContent(blocks: readonly Piece[]): string {
  const [first] = blocks
  const plain = blocks.length === 1 && first?.type === 'paragraph' && stringAttr(first, 'textAlign') === null
  const inside = first?.content ?? []
  return plain && inside.length > 0 && !needsSpaces(inside) ? inlineToHtml(inside) : blocksToHtml(blocks)
}

function cell(piece: Piece): string {
  const tag = piece.type === 'tableHeader' ? 'th' : 'td'
  const span = (name: 'colspan' | 'rowspan') => {
    const value = numberAttr(piece, name, 1)
    return value === 1 ? '' : ` ${name}="${value}"`
  }
  return `<${tag}${span('colspan')}${span('rowspan')}>${blocksToHtml(piece.content ?? [])}</${tag}>`
}

function image(piece: Piece): string {
  const named = (name: 'alt' | 'title') => {
    const value = stringAttr(piece, name)
    return value === null ? '' : ` ${name}="${escapeAttribute(value)}"`
  }
  return `<img src="${escapeAttribute(stringAttr(piece, 'src') ?? '')}"${named('alt')}${named('title')}>`
}
