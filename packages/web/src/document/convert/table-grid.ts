import { IMPORT_LIMITS, ImportRefused } from './limits.ts'
import type { Piece } from './piece.ts'

/** A cell as a file has it. */
export interface Cell {
  header: boolean
  colspan: number
  rowspan: number
  content: Piece[]
}

const within = (value: number, most: number) => (Number.isFinite(value) && value >= 1 ? Math.min(value, most) : 1)

/**
 * A table of a file as one that the editor holds: every place of the grid is covered exactly once, which files do not promise.
 * `moved` when cells overlapped. Null for a table without a cell.
 */
export function tableOf(rows: readonly Cell[][]): { table: Piece | null; moved: boolean } {
  const filled = rows.filter((row, index) => row.length > 0 || index > 0)
  if (filled.every((row) => row.length === 0)) return { table: null, moved: false }
  const taken: boolean[][] = filled.map(() => [])
  let moved = false
  let places = 0
  const placed = filled.map((row, y) => {
    const inRow: { x: number; cell: Piece }[] = []
    let x = 0
    for (const given of row) {
      while (taken[y]?.[x] === true) x += 1
      let colspan = within(given.colspan, 100)
      const rowspan = within(given.rowspan, filled.length - y)
      for (let width = 1; width < colspan; width++) {
        if (taken[y]?.[x + width] !== true) continue
        colspan = width
        moved = true
      }
      places += colspan * rowspan
      if (places > IMPORT_LIMITS.tableCells) throw new ImportRefused('A table in this file has too many cells.')
      for (let down = 0; down < rowspan; down++)
        for (let right = 0; right < colspan; right++) (taken[y + down] ??= [])[x + right] = true
      inRow.push({ x, cell: cellPiece(given.header, colspan, rowspan, given.content) })
      x += colspan
    }
    return inRow
  })
  const width = Math.max(...taken.map((row) => row.length))
  const content = placed.map((inRow, y): Piece => {
    const gaps = Array.from({ length: width }, (_, x) => x).filter((x) => taken[y]?.[x] !== true)
    const cells = [...inRow, ...gaps.map((x) => ({ x, cell: cellPiece(false, 1, 1, [{ type: 'paragraph' }]) }))]
    return { type: 'tableRow', content: cells.toSorted((one, other) => one.x - other.x).map(({ cell }) => cell) }
  })
  return { table: { type: 'table', content }, moved }
}

function cellPiece(header: boolean, colspan: number, rowspan: number, content: Piece[]): Piece {
  const attrs = { ...(colspan > 1 ? { colspan } : {}), ...(rowspan > 1 ? { rowspan } : {}) }
  return {
    type: header ? 'tableHeader' : 'tableCell',
    ...(Object.keys(attrs).length === 0 ? {} : { attrs }),
    content: content.length === 0 ? [{ type: 'paragraph' }] : content,
  }
}
