import { escapeAttribute, tagsOf } from './html-out.ts'
import { hasMark, orderedMarks, sameMark, stringAttr } from './piece.ts'
import type { Piece, PieceMark } from './piece.ts'

/** Text with its marks as Markdown, one line for each line. */
export function inlineToMarkdown(pieces: readonly Piece[]): string {
  let markdown = ''
  let open: { mark: PieceMark; close: string }[] = []
  const closeTo = (depth: number) => {
    markdown += open
      .slice(depth)
      .toReversed()
      .map(({ close }) => close)
      .join('')
    open = open.slice(0, depth)
  }
  for (const [index, piece] of pieces.entries()) {
    const marks = orderedMarks(piece).filter(({ type }) => type !== 'code')
    let shared = 0
    while (shared < open.length) {
      const [one, other] = [open[shared]?.mark, marks[shared]]
      if (one === undefined || other === undefined || !sameMark(one, other)) break
      shared += 1
    }
    closeTo(shared)
    for (const mark of marks.slice(shared)) {
      const [before, close] = signs(mark, pieces, index)
      markdown += before
      open.push({ mark, close })
    }
    if (piece.type === 'hardBreak') markdown += '\\\n'
    else if (hasMark(piece, 'code')) markdown += code(piece.text ?? '')
    else markdown += escaped(piece.text ?? '', markdown === '' || markdown.endsWith('\n'))
  }
  closeTo(0)
  return edges(markdown)
}

const SIGNS: Readonly<Record<string, string>> = { bold: '**', italic: '*', strike: '~~' }

/** The Markdown for a mark, or its HTML where Markdown's signs would not be read as such. */
function signs(mark: PieceMark, pieces: readonly Piece[], from: number): [string, string] {
  if (mark.type === 'link') return link(mark)
  const sign = SIGNS[mark.type]
  if (sign === undefined) return tagsOf(mark)
  let until = from
  while (pieces[until + 1]?.marks?.some((other) => sameMark(other, mark))) until += 1
  const [before, first, last, after] = [pieces[from - 1], pieces[from], pieces[until], pieces[until + 1]]
  // Signs open before a letter and close behind one, between spaces; anywhere else their meaning hangs on what is around.
  const word = /^[\p{L}\p{N}]$/u
  const clear = (piece: Piece | undefined, at: 0 | -1) => {
    const char = piece?.type === 'text' ? letters(piece).at(at) : ' '
    return char !== undefined && /^[\s.,;:!?]$/u.test(char)
  }
  const reads =
    first?.type === 'text' &&
    last?.type === 'text' &&
    word.test(letters(first)[0] ?? '') &&
    word.test(letters(last).at(-1) ?? '') &&
    clear(before, -1) &&
    clear(after, 0)
  return reads ? [sign, sign] : tagsOf(mark)
}

const letters = (piece: Piece) => Array.from(piece.text ?? '')

function link(mark: PieceMark): [string, string] {
  const href = stringAttr(mark, 'href') ?? ''
  const title = stringAttr(mark, 'title')
  if (/["\\\n&]/.test(title ?? '')) return tagsOf(mark)
  const target = /[\s()<>\\]/.test(href) ? `<${href.replaceAll(/[<>]/g, encodeURIComponent)}>` : escapeAttribute(href)
  return ['[', `](${target}${title === null ? '' : ` "${title}"`})`]
}

function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$|^ .*[^ ].* $/.test(text) ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}

/** Text that is read as nothing but text. */
function escaped(text: string, lineStart: boolean): string {
  const inline = text
    .replaceAll(/[\\`*[\]<]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll(/~(?=~)|(?<=~)~|^~|~$/g, String.raw`\~`)
    .replaceAll(/&(?=#?\w+;)/g, '&amp;')
    // Addresses become links by themselves.
    .replaceAll(/\b(https?|ftp):(?=\/\/)/gi, String.raw`$1\:`)
    .replaceAll(/\bwww\.(?=\S)/gi, (found) => `${found.slice(0, -1)}\\.`)
    .replaceAll(/(?<=[\w.+-])@(?=[\w-])/g, String.raw`\@`)
    .replaceAll('\t', '&#9;')
    .replaceAll('\u00a0', '&nbsp;')
  if (!lineStart) return inline
  return inline.replace(/^[#>+=|-]/, String.raw`\$&`).replace(/^(\d+)([.)])/, String.raw`$1\$2`)
}

/** Spaces at either end of a line would be taken away. */
function edges(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => line.replace(/^ +| +(?=\\?$)/g, (spaces) => '&#32;'.repeat(spaces.length)))
    .join('\n')
    .replaceAll(/(?<=[^\\\s]) {2,}(?=\S)/g, (spaces) => ` ${'&#32;'.repeat(spaces.length - 1)}`)
}
