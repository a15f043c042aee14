import * as games from '@plenary/kinds/games'
import type { BoardGame, Side } from '@plenary/kinds'
import type { ComponentType } from 'react'

/** How a game is shown; beside what all have in common. One file in `looks/` each, named like its kind. */
export interface GameLook {
  title: string
  /** One line that makes people want to play it. */
  pitch: string
  /** What each side's pieces are called aloud. */
  pieces: readonly [string, string]
  /** The choice that a press on a field stands for. */
  choiceOf(field: number): number
  Piece: ComponentType<{ side: Side }>
}

export interface Game {
  kind: BoardGame
  look: GameLook
}

const looks = import.meta.glob<{ look: GameLook }>('./looks/*.tsx', { eager: true })

/** All games that can be played here. */
export const GAMES: readonly Game[] = Object.values(games).flatMap((kind: BoardGame) => {
  const found = looks[`./looks/${kind.name}.tsx`]
  return found === undefined ? [] : [{ kind, look: found.look }]
})

export function gameOf(kind: string | undefined): Game | undefined {
  return GAMES.find((game) => game.kind.name === kind)
}
