import fc from 'fast-check'
import type { BoardGame } from '../board/board-game.ts'
import { boardKind } from '../board/board-kind.ts'
import type { GameCommands } from '../board/commands.ts'
import type { GameEntry, GameState } from '../board/model.ts'
import type { UserId } from '../ids.ts'
import type { Actor } from '../kind.ts'
import { kindLaws, type AskOf, type Scene } from './laws.ts'

type Ask = AskOf<GameCommands>

/** Registers the laws of all kinds for a game on a board, with plays that mostly are one. */
export function boardLaws({ rules, ...client }: BoardGame): void {
  const game = boardKind({ rules, ...client })
  const settings = game.settings.parse({})
  const now = ({ entries }: Scene): GameState =>
    (entries as readonly GameEntry[]).reduce(game.evolve, game.initial(settings))
  const ask = <A>(from: fc.Arbitrary<A>, make: (given: A, state: GameState, scene: Scene) => Ask) =>
    from.map((given) => (scene: Scene) => make(given, now(scene), scene))
  const side = fc.constantFrom<0 | 1>(0, 1)
  const stale = fc.nat({ max: 9 }).map((aim) => (aim === 0 ? 1 : 0))
  const inRound = (type: 'resign' | 'rematch' | 'call' | 'here' | 'claim') =>
    ask(stale, (late, { round }) => ({ type, body: { round: Math.max(0, round - late) } }))
  const choice = fc.nat({ max: rules.choices - 1 })

  kindLaws(game, {
    settings: fc.record(
      {
        clockMs: fc.constantFrom(null, 10_000, 60_000),
        incrementMs: fc.constantFrom(0, 2_000),
        seating: fc.constantFrom('open' as const, 'hosts' as const),
      },
      { requiredKeys: [] },
    ),
    command: fc.oneof(
      {
        weight: 3,
        arbitrary: ask(fc.option(side), (wanted) => ({ type: 'sit', body: wanted === null ? {} : { side: wanted } })),
      },
      {
        weight: 2,
        arbitrary: ask(fc.tuple(side, fc.nat()), ([at, pick], _, scene) => {
          const person = scene.people[pick % scene.people.length] ?? scene.me
          return { type: 'seat', body: { side: at, user: person.id, name: scene.words() } }
        }),
      },
      {
        weight: 12,
        arbitrary: ask(fc.tuple(stale, choice), ([late, picked], { round, moves }) => ({
          type: 'move',
          body: { round, turn: Math.max(0, moves.length - late), choice: picked },
        })),
      },
      ask(side, (at) => ({ type: 'unseat', body: { side: at } })),
      ask(fc.constant(null), () => ({ type: 'stand', body: {} })),
      ...(['resign', 'rematch', 'rematch', 'call', 'here', 'claim'] as const).map(inRound),
    ),
    // Two who play and one who watches, so that most moves are somebody's.
    people: PLAYERS,
  })
}

const PLAYERS: readonly Actor[] = [
  { id: 'id-ada' as UserId, name: 'Ada', role: 'attendee' },
  { id: 'id-bo' as UserId, name: 'Bo', role: 'owner' },
  { id: 'id-cy' as UserId, name: 'Cy', role: 'attendee' },
]
