import { defineKind, EVERYONE, STAFF, type EntryOf, type UserId } from '@plenary/kinds'
import { z } from 'zod'

/** How far one command counts, and how many people one counter keeps a total for. */
const COUNTER_LIMITS = { step: 10, people: 10_000 } as const

type State = { total: number; people: number; byPerson: Record<UserId, number> }
type Bodies = { counted: { by: number }; reset: Record<string, never> }
type Total = { total: number }

const totalOf = (state: State, user: UserId) => (Object.hasOwn(state.byPerson, user) ? (state.byPerson[user] ?? 0) : 0)
const after = ({ total }: Total, { type, body }: EntryOf<Bodies>): Total => ({
  total: type === 'reset' ? 0 : total + body.by,
})
const step = z.strictObject({ by: z.int().min(1).max(COUNTER_LIMITS.step).default(1) })

/** A number that everyone in the room counts up and down; staff set it back to zero. */
export const counter = defineKind({
  name: 'counter',
  version: 1,
  settings: z.strictObject({}),
  commands: {
    increment: { body: step, allow: EVERYONE },
    decrement: { body: step, allow: EVERYONE },
    reset: { body: z.strictObject({}), allow: STAFF },
  },
  signals: {},
  initial: (): State => ({ total: 0, people: 0, byPerson: {} }),
  decide(state, command, by) {
    if (command.type === 'reset') return { entries: state.people === 0 ? [] : [{ type: 'reset', body: {} }] }
    if (state.people >= COUNTER_LIMITS.people && !Object.hasOwn(state.byPerson, by.id))
      return { refused: 'full', message: 'Enough people are counting already.' }
    return {
      entries: [{ type: 'counted', body: { by: command.type === 'increment' ? command.body.by : -command.body.by } }],
    }
  },
  evolve(state, entry: EntryOf<Bodies>) {
    if (entry.type === 'reset') return { total: 0, people: 0, byPerson: {} }
    state.total += entry.body.by
    if (entry.by === null) return state
    if (!Object.hasOwn(state.byPerson, entry.by.id)) state.people += 1
    state.byPerson[entry.by.id] = totalOf(state, entry.by.id) + entry.body.by
    return state
  },
  visibility: () => 'everyone',
  view: ({ total }): Total => ({ total }),
  empty: (): Total => ({ total: 0 }),
  evolveView: after,
  mine: (state, user): Total => ({ total: totalOf(state, user) }),
  evolveMine: (mine, entry, me) => (entry.type === 'reset' || entry.by?.id === me ? after(mine, entry) : mine),
})
