import { isColourName } from '../colours.ts'
import type { ColourName } from '../colours.ts'

/** A node of a document as plain JSON, as ProseMirror writes it. */
export interface Piece {
  type: string
  attrs?: Record<string, unknown>
  content?: Piece[]
  marks?: PieceMark[]
  text?: string
}
export interface PieceMark {
  type: string
  attrs?: Record<string, unknown>
}

/** Outermost first; what wraps text in files follows this order. */
const MARK_ORDER = ['link', 'highlight', 'textColor', 'bold', 'italic', 'underline', 'strike', 'code'] as const

export function stringAttr(of: Piece | PieceMark, name: string): string | null {
  const value = of.attrs?.[name]
  return typeof value === 'string' ? value : null
}

export function numberAttr(of: Piece | PieceMark, name: string, fallback: number): number {
  const value = of.attrs?.[name]
  return typeof value === 'number' ? value : fallback
}

export function colourAttr(of: PieceMark): ColourName {
  const value = of.attrs?.['color']
  return isColourName(value) ? value : 'yellow'
}

export const hasMark = (piece: Piece, type: string) => piece.marks?.some((mark) => mark.type === type) ?? false

/** Marks in the order in which they wrap. */
export function orderedMarks(piece: Piece): PieceMark[] {
  return MARK_ORDER.flatMap((type) => piece.marks?.find((mark) => mark.type === type) ?? [])
}

export const sameMark = (one: PieceMark, other: PieceMark) =>
  one.type === other.type &&
  stringAttr(one, 'href') === stringAttr(other, 'href') &&
  stringAttr(one, 'title') === stringAttr(other, 'title') &&
  stringAttr(one, 'color') === stringAttr(other, 'color')

const sameMarks = (one: Piece, other: Piece) => {
  const [left, right] = [orderedMarks(one), orderedMarks(other)]
  return left.length === right.length && left.every((mark, index) => sameMark(mark, right[index] ?? mark))
}

/** Neighbouring texts that look alike become one, as the editor would have it. */
export function joinTexts(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (piece.type === 'text' && piece.text === '') continue
    if (piece.type === 'text' && last?.type === 'text' && sameMarks(last, piece))
      joined[joined.length - 1] = { ...last, text: `${last.text ?? ''}${piece.text ?? ''}` }
    else joined.push(piece)
  }
  return joined
}

/** All text below, without any marks. */
export function plainText(piece: Piece): string {
  if (piece.type === 'hardBreak') return '\n'
  return piece.text ?? (piece.content ?? []).map(plainText).join('')
}
