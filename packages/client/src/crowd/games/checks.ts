/** How a game of these moves has ended, by whoever moved first; null when it has not. Knows nothing of the product's own rules. */
export type GameCheck = (moves: readonly number[]) => 'first' | 'second' | 'draw' | null

/** In a magic square three fields in a line add up to 15, and no others do. */
const MAGIC = [2, 7, 6, 9, 5, 1, 4, 3, 8]

function ticTacToe(moves: readonly number[]): ReturnType<GameCheck> {
  for (const [parity, name] of (['first', 'second'] as const).entries()) {
    const held = moves.filter((_, turn) => turn % 2 === parity).map((field) => MAGIC[field] ?? 0)
    const sums = held.flatMap((a, i) =>
      held.slice(i + 1).flatMap((b, j) => held.slice(i + j + 2).map((c) => a + b + c)),
    )
    if (sums.includes(15)) return name
  }
  return moves.length === 9 ? 'draw' : null
}

/** For every game that a crowd can play. */
export const CHECKS: Readonly<Record<string, GameCheck>> = { tictactoe: ticTacToe }
