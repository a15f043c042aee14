import { expect, test } from 'vitest'
import { boardKind } from './board/board-kind.ts'
import type { GameState } from './board/model.ts'
import type { UserId } from './ids.ts'
import { isRefusal, type Actor } from './kind.ts'
import { tictactoe } from './tictactoe.ts'

/*
 * The rules by exhaustion. What is right is said here a second time and in another way: a line is three fields whose numbers in a
 * magic square add up to 15.
 */

const MAGIC = [2, 7, 6, 9, 5, 1, 4, 3, 8]
const ada: Actor = { id: 'ada' as UserId, name: 'Ada', role: 'attendee' }
const bo: Actor = { id: 'bo' as UserId, name: 'Bo', role: 'attendee' }
const cy: Actor = { id: 'cy' as UserId, name: 'Cy', role: 'owner' }

function wins(fields: readonly number[]): boolean {
  const values = fields.map((field) => MAGIC[field] ?? 0)
  return values.some((a, i) => values.some((b, j) => i < j && values.some((c, k) => j < k && a + b + c === 15)))
}

const kind = boardKind(tictactoe)

type Asked = Parameters<typeof kind.decide>[1]
const ID = '00000000-0000-4000-8000-000000000000' as Asked['id']

/** Whoever asks at that time; null where it is refused, the game after it otherwise. */
function ask(state: GameState, by: Actor, type: Asked['type'], body: object, at = 0): GameState | string {
  const outcome = kind.decide(state, { id: ID, type, body } as Asked, by, at)
  if (isRefusal(outcome)) return outcome.refused
  return outcome.entries.reduce<GameState>(
    (next, draft) => kind.evolve(next, { ...draft, seq: 1, at, by: null, id: ID }),
    state,
  )
}

function done(outcome: GameState | string): GameState {
  if (typeof outcome === 'string') throw new Error(`Refused: ${outcome}`)
  return outcome
}

function begun(): GameState {
  const seated = done(ask(kind.initial(kind.settings.parse({})), ada, 'sit', {}))
  return done(ask(seated, bo, 'sit', {}))
}

const FIELDS = [0, 1, 2, 3, 4, 5, 6, 7, 8]

test('every position that can be reached has the right moves, the right end, and nobody else can do anything in it', () => {
  const seen = new Map<string, { state: GameState; ways: number }>([['', { state: begun(), ways: 1 }]])
  const ends = { first: 0, second: 0, draw: 0 }
  let level = [...seen.keys()]
  let positions = 0
  const wrong: string[] = []
  const same = (is: unknown, should: unknown, where: string) => {
    if (is !== should) wrong.push(`${where}: ${String(is)} and not ${String(should)}`)
  }
  while (level.length > 0) {
    const next = new Map<string, { state: GameState; ways: number }>()
    for (const key of level) {
      const { state, ways } = seen.get(key) ?? { state: begun(), ways: 0 }
      positions++
      const turn = state.moves.length
      const mine = (side: number) => state.moves.filter((_, index) => index % 2 === side)
      const [mover, other] = turn % 2 === 0 ? [ada, bo] : [bo, ada]
      const won = wins(mine((turn + 1) % 2))
      const over = won || turn === 9
      if (over) {
        const { winner, by, line } = state.result ?? { winner: null, by: 'none', line: [] }
        same(state.turnAt, null, key)
        same(winner, won ? (turn + 1) % 2 : null, key)
        same(by, won ? 'line' : 'full', key)
        same(wins(line), won, key)
        ends[won ? (turn % 2 === 1 ? 'first' : 'second') : 'draw'] += ways
      } else same(state.result ?? state.turnAt, 0, key)
      for (const choice of FIELDS) {
        const body = { round: 1, turn, choice }
        const after = ask(state, mover, 'move', body)
        same(ask(state, cy, 'move', body), 'not_seated', key)
        same(ask(state, other, 'move', body), over ? 'not_playing' : 'not_your_turn', key)
        if (over) same(after, 'not_playing', key)
        else if (state.moves.includes(choice)) same(after, 'field_taken', key)
        else {
          const moved = done(after)
          same(moved.moves.join(), [...state.moves, choice].join(), key)
          // The same once more, as a second press or a second device would.
          same(ask(moved, mover, 'move', body), moved.result === null ? 'turn_over' : 'not_playing', key)
          const sides = [0, 1].map((side) =>
            moved.moves.filter((_, index) => index % 2 === side).toSorted((a, b) => a - b),
          )
          const place = sides.map((fields) => fields.join('')).join('|')
          next.set(place, { state: moved, ways: (next.get(place)?.ways ?? 0) + ways })
        }
      }
    }
    for (const [key, value] of next) seen.set(key, value)
    level = [...next.keys()]
  }
  expect(wrong).toEqual([])
  expect(positions).toBe(5_478)
  expect(ends).toEqual({ first: 131_184, second: 77_904, draw: 46_080 })
})
