import {
  lastField,
  otherSide,
  sideAfter,
  type BoardRules,
  type GameResult,
  type GameState,
  type Side,
} from '@plenary/kinds'

type Names = readonly [string, string]

function namesOf({ seats }: GameState): Names {
  return [seats[0]?.name ?? 'Nobody', seats[1]?.name ?? 'Nobody']
}

/** How a round ended, in one sentence; from the view of a player where there is one. */
export function resultText({ winner, by }: GameResult, names: Names, mine: Side | null): string {
  if (winner === null) return by === 'stopped' ? 'The hosts stopped this round.' : 'A draw.'
  const loser = names[otherSide(winner)]
  const why = {
    line: '',
    full: '',
    stopped: '',
    resigned: mine === otherSide(winner) ? ' You resigned.' : ` ${loser} resigned.`,
    clock: mine === otherSide(winner) ? ' Your time ran out.' : ` ${loser} ran out of time.`,
    absent: mine === otherSide(winner) ? ' You were away.' : ` ${loser} had gone.`,
  }[by]
  return `${mine === winner ? 'You win.' : `${names[winner]} wins.`}${why}`
}

/** Who moved last and where to, for those who do not see the board; empty before the first move. */
export function lastMoveText(rules: BoardRules, state: GameState): string {
  const field = lastField(rules, state.moves)
  if (field === null) return ''
  const { columns } = rules
  const mover = namesOf(state)[sideAfter(state.moves.length - 1)]
  return `${mover}: row ${Math.floor(field / columns) + 1}, column ${(field % columns) + 1}.`
}

/** What everyone should know now. */
export function statusText(state: GameState, mine: Side | null): string {
  const names = namesOf(state)
  if (state.turnAt !== null) {
    const turn = sideAfter(state.moves.length)
    return turn === mine ? 'Your turn.' : `${names[turn]} to move.`
  }
  if (state.result !== null) return resultText(state.result, names, mine)
  if (state.seats.some((seat) => seat !== null)) return 'Waiting for a second player.'
  return 'Two seats are free.'
}
