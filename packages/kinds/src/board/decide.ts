import type { Millis } from '../ids.ts'
import type { Actor, CommandOf, Decision, Draft, Refusal } from '../kind.ts'
import { audienceOf } from '../roles.ts'
import { leftAfter } from './clock.ts'
import type { GameCommands } from './commands.ts'
import { BOARD_LIMITS, type GameBodies, type GameState, type Seat } from './model.ts'
import { boardAfter, otherSide, sideAfter, type BoardRules, type Side } from './rules.ts'

export type GameCommand = CommandOf<GameCommands>
type Outcome = Decision<GameBodies> | Refusal
type Drafts = Draft<GameBodies>[]

const yes = (...entries: Drafts): Outcome => ({ entries })
const no = (refused: string, message: string, retryAfter?: number): Refusal => ({
  refused,
  message,
  ...(retryAfter === undefined ? {} : { retryAfter }),
})
const TAKEN = no('seat_taken', 'Somebody sits there already.')
const NOT_PLAYING = no('not_playing', 'No round is on.')
const OTHER_ROUND = no('other_round', 'That round is over.')
const WATCHING = no('not_seated', 'You are watching this game, not playing it.')

/** What the commands of every board game come to. */
export function decide(rules: BoardRules, state: GameState, command: GameCommand, by: Actor, now: Millis): Outcome {
  const mine = sideOf(state, by)
  switch (command.type) {
    case 'sit':
      return sit(state, mine, command.body.side, by)
    case 'stand':
      if (mine === null) return yes()
      if (state.turnAt !== null) return no('playing', 'A round is on. Resign it first.')
      return yes({ type: 'stand', body: { side: mine } })
    case 'seat': {
      const { side, user, name } = command.body
      if (state.seats[side]?.user === user) return yes()
      if (state.seats[side] !== null) return TAKEN
      if (state.seats[otherSide(side)]?.user === user) return no('seated', 'They sit on the other side already.')
      return seated(state, side, { user, name, wins: 0 })
    }
    case 'unseat': {
      const { side } = command.body
      if (state.seats[side] === null) return yes()
      const stop: Drafts =
        state.turnAt === null ? [] : [{ type: 'end', body: { winner: null, by: 'stopped', line: [] } }]
      return yes(...stop, { type: 'stand', body: { side } })
    }
    case 'move':
      return move(rules, state, command.body, mine, now)
    case 'rematch':
      return rematch(state, command.body.round, mine)
    case 'resign':
    case 'call':
    case 'here':
    case 'claim':
      if (mine === null) return WATCHING
      if (command.body.round !== state.round) return OTHER_ROUND
      if (state.turnAt === null) return NOT_PLAYING
      return inRound(state, command.type, mine, now)
  }
}

export function sideOf({ seats }: Pick<GameState, 'seats'>, { id }: Pick<Actor, 'id'>): Side | null {
  if (seats[0]?.user === id) return 0
  return seats[1]?.user === id ? 1 : null
}

function sit(state: GameState, mine: Side | null, wanted: Side | undefined, by: Actor): Outcome {
  if (mine !== null) return wanted === undefined || wanted === mine ? yes() : no('seated', 'You have a seat already.')
  if (state.settings.seating === 'hosts' && (by.role === 'system' || audienceOf(by.role) !== 'staff'))
    return no('hosts_seat', 'The hosts say who plays.')
  const side = wanted ?? (state.seats[0] === null ? 0 : 1)
  if (state.seats[side] !== null) return TAKEN
  return seated(state, side, { user: by.id, name: by.name, wins: 0 })
}

/** With both seats taken a round begins. */
function seated(state: GameState, side: Side, seat: Seat): Outcome {
  const other = state.seats[otherSide(side)]
  const { user, name } = seat
  const begins: Drafts = other === null ? [] : begin(state, side === 0 ? [seat, other] : [other, seat])
  return yes({ type: 'sit', body: { side, user, name } }, ...begins)
}

function begin({ round, settings }: GameState, seats: readonly [Seat, Seat]): Drafts {
  return [{ type: 'begin', body: { round: round + 1, seats, clockMs: settings.clockMs } }]
}

function move(
  rules: BoardRules,
  state: GameState,
  { round, turn, choice }: { round: number; turn: number; choice: number },
  mine: Side | null,
  now: Millis,
): Outcome {
  if (mine === null) return WATCHING
  if (round !== state.round) return OTHER_ROUND
  if (state.turnAt === null) return NOT_PLAYING
  if (turn !== state.moves.length) return no('turn_over', 'That turn is over.')
  if (mine !== sideAfter(turn)) return no('not_your_turn', 'It is not your turn.')
  const board = boardAfter(rules, state.moves)
  const field = rules.place(board, choice)
  if (field === null) return no('field_taken', 'There is no room for it there.')
  const left = leftAfter(state, mine, now)
  if (left === null) return no('time_is_up', 'Your time is up.')

  const next = board.with(field, mine)
  const entries: Drafts = [{ type: 'move', body: { choice, leftMs: left === 'no clock' ? null : left } }]
  const line = rules.won(next, field)
  if (line !== null) entries.push({ type: 'end', body: { winner: mine, by: 'line', line } })
  else if (!next.includes(null)) entries.push({ type: 'end', body: { winner: null, by: 'full', line: [] } })
  return yes(...entries)
}

function rematch(state: GameState, round: number, mine: Side | null): Outcome {
  if (mine === null) return WATCHING
  if (round !== state.round) return OTHER_ROUND
  if (state.result === null) return no('playing', 'The round is not over.')
  const [first, second] = state.seats
  if (first === null || second === null) return no('alone', 'The other player has left.')
  if (state.rematch === mine) return yes()
  if (state.rematch === null) return yes({ type: 'rematch', body: { side: mine } })
  return yes(...begin(state, [second, first]))
}

/** Of somebody who plays the round that is on. */
function inRound(state: GameState, type: 'resign' | 'call' | 'here' | 'claim', mine: Side, now: Millis): Outcome {
  const { call } = state
  const other = otherSide(mine)
  switch (type) {
    case 'resign':
      return yes({ type: 'end', body: { winner: other, by: 'resigned', line: [] } })
    case 'here':
      if (call?.side !== mine) return yes()
      return yes({ type: 'here', body: { side: mine, againAt: now + BOARD_LIMITS.callAgainMs } })
    case 'call': {
      if (call?.side === other) return yes()
      if (call !== null) return no('called', 'Say first that you are there.')
      if (now < state.callAgainAt)
        return no('here', 'They have just said that they are there.', state.callAgainAt - now)
      return yes({ type: 'call', body: { side: other, until: now + BOARD_LIMITS.callMs } })
    }
    case 'claim': {
      if (call?.side !== other) return no('not_called', 'Ask first whether they are there.')
      if (now < call.until) return no('too_early', 'They may still answer.', call.until - now)
      return yes({ type: 'end', body: { winner: mine, by: 'absent', line: [] } })
    }
  }
}
