import { boardAfter, lastField, sideAfter, type GameResult } from '@plenary/kinds'
import { useRef, useState, type CSSProperties, type KeyboardEvent } from 'react'
import styles from './board.module.css'
import type { Game } from './look.ts'

export interface BoardProps {
  game: Game
  /** What is shown: all moves so far, or those up to a moment that is looked at again. */
  moves: readonly number[]
  result: GameResult | null
  /** Whether a press on a field is a move of mine. */
  mayMove: boolean
  /** My choice that is on its way. */
  moving?: number | null
  onChoose?(choice: number): void
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The board: one grid, walked with the arrow keys, one field at a time in the order of tabbing. */
export function Board({ game, moves, result, mayMove, moving = null, onChoose }: BoardProps) {
  const { look, kind } = game
  const { rules } = kind
  const grid = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(Math.floor((rules.columns * rules.rows) / 2))
  const board = boardAfter(rules, moves)
  const last = lastField(rules, moves)
  const coming = moving === null ? null : rules.place(board, moving)
  const next = sideAfter(moves.length)

  const walk = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const column = (focused % rules.columns) + step[0]
    const row = Math.floor(focused / rules.columns) + step[1]
    if (column < 0 || column >= rules.columns || row < 0 || row >= rules.rows) return
    const field = row * rules.columns + column
    setFocused(field)
    grid.current?.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus()
  }

  const size = { '--columns': rules.columns, '--rows': rules.rows } as CSSProperties
  return (
    <div className={styles.frame} style={size}>
      <div
        ref={grid}
        className={styles.board}
        role="grid"
        tabIndex={-1}
        aria-label={`${look.title} board`}
        onKeyDown={walk}
      >
        {Array.from({ length: rules.rows }, (_, row) => (
          <div key={row} role="row" className={styles.row}>
            {Array.from({ length: rules.columns }, (__, column) => {
              const field = row * rules.columns + column
              const side = board[field] ?? (field === coming ? next : null)
              const free = rules.place(board, look.choiceOf(field)) !== null
              const can = mayMove && coming === null && free
              const won = result?.line.includes(field) === true
              return (
                <div key={column} role="gridcell">
                  <button
                    type="button"
                    className={styles.field}
                    data-field={field}
                    data-side={side ?? undefined}
                    data-last={field === last || undefined}
                    data-won={won || undefined}
                    data-coming={field === coming || undefined}
                    data-can={can || undefined}
                    aria-disabled={!can}
                    tabIndex={field === focused ? 0 : -1}
                    aria-label={`Row ${row + 1}, column ${column + 1}: ${side === null ? 'empty' : look.pieces[side]}${won ? ', winning line' : ''}`}
                    onFocus={() => setFocused(field)}
                    onClick={() => {
                      if (can) onChoose?.(look.choiceOf(field))
                    }}
                  >
                    {side === null ? (
                      can ? (
                        <span className={styles.hint}>
                          <look.Piece side={next} />
                        </span>
                      ) : null
                    ) : (
                      <look.Piece side={side} />
                    )}
                  </button>
                </div>
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}
