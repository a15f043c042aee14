import * as games from '@plenary/kinds/games'
import type { Act } from './act.ts'
import { chatAct } from './chat-act.ts'
import { documentAct } from './document/document-act.ts'
import { CHECKS } from './games/checks.ts'
import { gameAct } from './games/game-act.ts'
import { pollsAct } from './polls/polls-act.ts'

/** Every game whose results can be checked. */
const gameActs = Object.values(games).flatMap((game): [string, Act][] => {
  const check = CHECKS[game.name]
  return check === undefined ? [] : [[game.name, gameAct(game, check)]]
})

/** By the kind's name; the first is what a crowd does when nothing is said. */
export const ACTS: Readonly<Record<string, Act>> = {
  chat: chatAct,
  document: documentAct,
  polls: pollsAct,
  ...Object.fromEntries(gameActs),
}
