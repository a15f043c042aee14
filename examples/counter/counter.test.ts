import type { Actor, CommandId, UserId } from '@plenary/kinds'
import { isRefusal } from '@plenary/kinds'
import { kindLaws } from '@plenary/kinds/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { counter } from './counter.ts'

const by = fc.integer({ min: 1, max: 10 })

kindLaws(counter, {
  settings: fc.constant({}),
  command: fc.oneof(
    by.map((steps) => () => ({ type: 'increment' as const, body: { by: steps } })),
    by.map((steps) => () => ({ type: 'decrement' as const, body: { by: steps } })),
    fc.constant(() => ({ type: 'reset' as const, body: {} })),
  ),
})

it('counts up and down, keeps each person’s own total, and starts again at a reset', () => {
  const ada: Actor = { id: 'ada' as UserId, name: 'Ada', role: 'attendee' }
  const mona: Actor = { id: 'mona' as UserId, name: 'Mona', role: 'moderator' }
  const id = '00000000-0000-4000-8000-000000000000' as CommandId
  let state = counter.initial({})
  let seq = 1
  const ask = (who: Actor, type: keyof typeof counter.commands, body: object) => {
    const command = { id, type, body: counter.commands[type].body.parse(body) } as Parameters<typeof counter.decide>[1]
    const outcome = counter.decide(state, command, who, 0)
    if (isRefusal(outcome)) throw new Error(outcome.message)
    for (const draft of outcome.entries) state = counter.evolve(state, { ...draft, seq: ++seq, at: 0, by: who, id })
  }
  ask(ada, 'increment', { by: 5 })
  ask(ada, 'decrement', {})
  ask(mona, 'increment', { by: 2 })
  expect(counter.view(state, 'everyone')).toEqual({ total: 6 })
  expect(counter.mine?.(state, ada.id, () => null)).toEqual({ total: 4 })
  ask(mona, 'reset', {})
  expect(counter.view(state, 'everyone')).toEqual({ total: 0 })
  expect(counter.mine?.(state, ada.id, () => null)).toEqual({ total: 0 })
})
