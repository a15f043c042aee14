import { otherSide, sideAfter, type GameResult, type GameState, type Side } from '@plenary/kinds'

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
