import { expect, test } from 'vitest'
import type { UserId } from '../ids.ts'
import type { Actor } from '../kind.ts'
import type { Role } from '../roles.ts'
import { Stage, type Told } from '../testing/stage.ts'
import { tictactoe as smallest } from '../tictactoe.ts'
import { boardKind } from './board-kind.ts'
import { timeOf } from './clock.ts'
import type { GameState } from './model.ts'

/* What all games on a board have in common, played on the smallest. */

const person = (name: string, role: Role): Actor => ({ id: name.toLowerCase() as UserId, name, role })
const ada = person('Ada', 'attendee')
const bo = person('Bo', 'attendee')
const cy = person('Cy', 'attendee')
const host = person('Host', 'owner')

const tictactoe = boardKind(smallest)

class Table extends Stage<GameState> {
  constructor(settings: object = {}) {
    super(tictactoe, settings, [ada, bo, cy, host])
  }
  get game(): GameState {
    return this.view()
  }
  /** With a round on, Ada to move first. */
  static begun(settings: object = {}): Table {
    const table = new Table(settings)
    table.ask(ada, 'sit', {})
    table.ask(bo, 'sit', {})
    return table
  }
  move(who: Actor, choice: number): Told {
    const { round, moves } = this.game
    return this.ask(who, 'move', { round, turn: moves.length, choice })
  }
  inRound(who: Actor, type: string, round: number = this.game.round): Told {
    return this.ask(who, type, { round })
  }
  /** Ada has won. */
  static over(settings: object = {}): Table {
    const table = Table.begun(settings)
    for (const [turn, choice] of [0, 3, 1, 4, 2].entries()) table.move(turn % 2 === 0 ? ada : bo, choice)
    return table
  }
}

test('a round begins when both seats are taken, and everyone else watches', () => {
  const table = new Table()
  expect(table.ask(bo, 'sit', { side: 1 }).entries.map(({ type }) => type)).toEqual(['sit'])
  expect(table.move(bo, 0).refused).toBe('not_playing')
  expect(table.ask(cy, 'sit', { side: 1 }).refused).toBe('seat_taken')
  expect(table.ask(bo, 'sit', { side: 0 }).refused).toBe('seated')
  expect(table.ask(bo, 'sit', {}).entries).toEqual([])
  expect(table.ask(ada, 'sit', {}).entries.map(({ type }) => type)).toEqual(['sit', 'begin'])
  expect(table.game).toMatchObject({ round: 1, seats: [{ name: 'Ada' }, { name: 'Bo' }], turnAt: table.now })
  expect(table.ask(cy, 'sit', {}).refused).toBe('seat_taken')
  expect(table.ask(ada, 'stand', {}).refused).toBe('playing')
})

test('a refused move leaves everything as it was', () => {
  const table = Table.begun()
  table.move(ada, 4)
  const before = structuredClone(table.game)
  const refusals = [
    table.move(ada, 0),
    table.move(bo, 4),
    table.move(cy, 0),
    table.ask(bo, 'move', { round: 1, turn: 0, choice: 0 }),
    table.ask(bo, 'move', { round: 0, turn: 1, choice: 0 }),
    table.ask(bo, 'move', { round: 1, turn: 1, choice: 9 }),
  ]
  expect(refusals.map(({ refused }) => refused)).toEqual([
    'not_your_turn',
    'field_taken',
    'not_seated',
    'turn_over',
    'other_round',
    'denied',
  ])
  expect(refusals.flatMap(({ entries }) => entries)).toEqual([])
  expect(table.game).toEqual(before)
})

test('a clock runs on its own turn only, and the one that runs out loses', () => {
  const table = Table.begun({ clockMs: 30_000, incrementMs: 1_000 })
  table.now += 10_000
  expect([0, 1].map((side) => timeOf(table.game, side as 0 | 1, table.now))).toEqual([20_000, 30_000])
  table.move(ada, 0)
  table.now += 5_000
  expect([0, 1].map((side) => timeOf(table.game, side as 0 | 1, table.now))).toEqual([21_000, 25_000])
  table.move(bo, 1)
  table.now += 21_000
  const told = table.inRound(cy, 'resign')
  expect(told.refused).toBe('not_seated')
  expect(table.game).toMatchObject({ result: { winner: 1, by: 'clock' }, leftMs: [0, 26_000], turnAt: null })
  table.now += 1
  expect(table.move(ada, 2).refused).toBe('not_playing')
})

test('a move in the moment after the time is up is too late', () => {
  const { decide } = tictactoe
  const table = Table.begun({ clockMs: 30_000 })
  const command = {
    id: '00000000-0000-4000-8000-000000000001',
    type: 'move',
    body: { round: 1, turn: 0, choice: 0 },
  } as Parameters<typeof decide>[1]
  expect(decide(table.game, command, ada, table.now + 30_000)).toMatchObject({ refused: 'time_is_up' })
  expect(decide(table.game, command, ada, table.now + 29_999)).toMatchObject({ entries: [{ body: { leftMs: 1 } }] })
})

test('a clock that ran out while no node looked after the room costs nobody the game', () => {
  const table = Table.begun({ clockMs: 30_000 })
  const late = table.now + 30_000 + 6_000
  expect(tictactoe.timeout?.(table.game, late)).toEqual([{ type: 'excuse', body: { leftMs: 10_000 } }])
  const command = {
    id: '00000000-0000-4000-8000-000000000001',
    type: 'move',
    body: { round: 1, turn: 0, choice: 0 },
  } as Parameters<typeof tictactoe.decide>[1]
  expect(tictactoe.decide(table.game, command, ada, late)).toMatchObject({ entries: [{ body: { leftMs: 10_000 } }] })
})

test('without a clock nothing runs out', () => {
  const table = Table.begun({ clockMs: null })
  expect(tictactoe.deadline?.(table.game)).toBeNull()
  table.now += 24 * 60 * 60_000
  table.move(ada, 0)
  expect(table.game).toMatchObject({ leftMs: null, result: null, moves: [0] })
})

test('whoever resigns loses, on the other’s turn as well', () => {
  const table = Table.begun()
  expect(table.inRound(cy, 'resign').refused).toBe('not_seated')
  table.inRound(bo, 'resign')
  expect(table.game).toMatchObject({ result: { winner: 0, by: 'resigned' }, seats: [{ wins: 1 }, { wins: 0 }] })
  expect(table.inRound(ada, 'resign').refused).toBe('not_playing')
})

test('another round wants both, with sides swapped, and what was meant for the last one does nothing to it', () => {
  const table = Table.over()
  expect(table.game.result).toEqual({ winner: 0, by: 'line', line: [0, 1, 2] })
  expect(table.inRound(cy, 'rematch').refused).toBe('not_seated')
  table.inRound(ada, 'rematch')
  expect(table.inRound(ada, 'rematch').entries).toEqual([])
  expect(table.game.round).toBe(1)
  table.inRound(bo, 'rematch')
  expect(table.game).toMatchObject({
    round: 2,
    moves: [],
    result: null,
    seats: [
      { name: 'Bo', wins: 0 },
      { name: 'Ada', wins: 1 },
    ],
    past: [{ round: 1, names: ['Ada', 'Bo'], moves: [0, 3, 1, 4, 2] }],
  })
  expect(table.ask(ada, 'move', { round: 1, turn: 0, choice: 0 }).refused).toBe('other_round')
  expect(table.inRound(bo, 'resign', 1).refused).toBe('other_round')
  expect(table.move(ada, 0).refused).toBe('not_your_turn')
  expect(table.move(bo, 0).refused).toBeNull()
})

test('after a round one may leave, and who comes instead begins a new one', () => {
  const table = Table.over()
  table.inRound(ada, 'rematch')
  table.ask(bo, 'stand', {})
  expect(table.game).toMatchObject({ seats: [{ name: 'Ada' }, null], rematch: null })
  expect(table.inRound(ada, 'rematch').refused).toBe('alone')
  table.ask(cy, 'sit', {})
  expect(table.game).toMatchObject({
    round: 2,
    seats: [
      { name: 'Ada', wins: 1 },
      { name: 'Cy', wins: 0 },
    ],
  })
})

test('the round of somebody who is gone can be claimed, after they were asked and had time to answer', () => {
  const table = Table.begun({ clockMs: null })
  table.move(ada, 0)
  expect(table.inRound(ada, 'claim').refused).toBe('not_called')
  table.inRound(ada, 'call')
  expect(table.inRound(ada, 'call').entries).toEqual([])
  expect(table.inRound(bo, 'call').refused).toBe('called')
  expect(table.inRound(ada, 'claim')).toMatchObject({ refused: 'too_early', retryAfter: 30_000 })
  table.now += 30_000
  expect(table.inRound(bo, 'claim').refused).toBe('not_called')
  table.inRound(ada, 'claim')
  expect(table.game.result).toMatchObject({ winner: 0, by: 'absent' })
})

test.each(['here', 'move'])('whoever answers by %s is there: nothing can be claimed', (answer) => {
  const table = Table.begun({ clockMs: null })
  table.move(ada, 0)
  table.inRound(ada, 'call')
  if (answer === 'move') table.move(bo, 1)
  else table.inRound(bo, 'here')
  table.now += 29_000
  expect(table.inRound(ada, 'claim').refused).toBe('not_called')
  if (answer === 'here') expect(table.inRound(ada, 'call')).toMatchObject({ refused: 'here', retryAfter: 1_000 })
  expect(table.inRound(bo, 'here').entries).toEqual([])
})

test('where the hosts seat people nobody else sits down, and the hosts can clear the table', () => {
  const table = new Table({ seating: 'hosts' })
  expect(table.ask(ada, 'sit', {}).refused).toBe('hosts_seat')
  expect(table.ask(ada, 'seat', { side: 0, user: 'bo', name: 'Bo' }).refused).toBe('denied')
  table.ask(host, 'seat', { side: 0, user: 'ada', name: 'Ada' })
  expect(table.ask(host, 'seat', { side: 1, user: 'ada', name: 'Ada' }).refused).toBe('seated')
  expect(table.ask(host, 'seat', { side: 0, user: 'bo', name: 'Bo' }).refused).toBe('seat_taken')
  table.ask(host, 'sit', {})
  table.move(ada, 0)
  table.ask(host, 'unseat', { side: 0 })
  expect(table.game).toMatchObject({
    seats: [null, { name: 'Host', wins: 0 }],
    result: { winner: null, by: 'stopped' },
    draws: 0,
  })
})
