import { joinTexts } from './piece.ts'
import type { Piece, PieceMark } from './piece.ts'

/**
 * How white space is read: `fold` as HTML does, `keep` as it stands (a line break is one), `lines` as Markdown leaves it (a
 * line break is a space, and spaces stay).
 */
export type Spaces = 'fold' | 'keep' | 'lines'

interface Run {
  piece: Piece
  spaces: Spaces
}

/** Takes text and blocks as they come and makes blocks of them: text between two blocks becomes a paragraph. */
export class Paragraphs {
  readonly #like: Piece | null
  readonly #blocks: Piece[] = []
  #runs: Run[] = []
  #align: string | null

  /** `like` is what text becomes, at least one of it; null: paragraphs, and none where there is no text. */
  constructor(like: Piece | null, align: string | null = null) {
    this.#like = like
    this.#align = align
  }

  text(text: string, marks: readonly PieceMark[], spaces: Spaces, align: string | null): void {
    if (text === '') return
    if (this.#like === null && this.#runs.length === 0) this.#align = align
    const carried = marks.length === 0 ? {} : { marks: [...marks] }
    if (spaces === 'keep') {
      const [first = '', ...rest] = text.split('\n')
      if (first !== '') this.#push({ type: 'text', text: first, ...carried }, spaces)
      for (const line of rest) {
        this.#push({ type: 'hardBreak', ...carried }, spaces)
        if (line !== '') this.#push({ type: 'text', text: line, ...carried }, spaces)
      }
      return
    }
    const folded = spaces === 'fold' ? text.replaceAll(/[\t\n\f\r ]+/g, ' ') : text
    this.#push({ type: 'text', text: folded, ...carried }, spaces)
  }

  break(marks: readonly PieceMark[], align: string | null): void {
    if (this.#like === null && this.#runs.length === 0) this.#align = align
    this.#push({ type: 'hardBreak', ...(marks.length === 0 ? {} : { marks: [...marks] }) }, 'keep')
  }

  blocks(blocks: readonly Piece[]): void {
    this.flush()
    this.#blocks.push(...blocks)
  }

  /** Ends the paragraph that is being written. */
  flush(): void {
    const content = joinTexts(trimmed(this.#runs))
    this.#runs = []
    if (content.length > 0) this.#blocks.push(this.#wrap(content))
  }

  end(): Piece[] {
    this.flush()
    if (this.#blocks.length === 0 && this.#like !== null) this.#blocks.push(this.#wrap([]))
    return this.#blocks
  }

  #push(piece: Piece, spaces: Spaces): void {
    this.#runs.push({ piece, spaces })
  }

  #wrap(content: Piece[]): Piece {
    const { type, attrs } = this.#like ?? { type: 'paragraph' }
    const all = { ...attrs, ...(this.#align === null ? {} : { textAlign: this.#align }) }
    return {
      type,
      ...(Object.keys(all).length === 0 ? {} : { attrs: all }),
      ...(content.length === 0 ? {} : { content }),
    }
  }
}

/** Takes away the white space that is not meant: at both ends, beside a break, and all but one where it is folded. */
function trimmed(runs: readonly Run[]): Piece[] {
  const kept: Run[] = []
  let open = true
  for (const { piece, spaces } of runs) {
    if (piece.type !== 'text') {
      trimEnd(kept)
      kept.push({ piece, spaces })
      open = true
      continue
    }
    let text = piece.text ?? ''
    if (open && spaces === 'fold') text = text.replace(/^ /, '')
    if (open && spaces === 'lines') text = text.replace(/^[ \t]*\n[ \t\n]*/, '')
    if (text === '') continue
    kept.push({ piece: { ...piece, text }, spaces })
    open = spaces === 'fold' ? text.endsWith(' ') : spaces === 'lines' ? text.endsWith('\n') : false
  }
  trimEnd(kept)
  return kept.map(({ piece, spaces }) =>
    spaces === 'lines' && piece.text !== undefined ? { ...piece, text: piece.text.replaceAll(/ *\n */g, ' ') } : piece,
  )
}

function trimEnd(runs: Run[]): void {
  for (let last = runs.at(-1); last?.piece.type === 'text' && last.spaces !== 'keep'; last = runs.at(-1)) {
    const text = (last.piece.text ?? '').replace(last.spaces === 'fold' ? / $/ : /[ \t]*\n[ \t\n]*$/, '')
    runs.pop()
    if (text === '') continue
    runs.push({ piece: { ...last.piece, text }, spaces: last.spaces })
    return
  }
}
