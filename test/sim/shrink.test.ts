import { expect, test } from 'vitest'
import { planOf } from './generate.ts'
import type { Violation } from './happening.ts'
import type { Act, Plan } from './plan.ts'
import { shrink } from './shrink.ts'

const broken = (promise: string, at = 5_000): Violation => ({ promise, step: 1, at, text: 'broken' })
const crash = (at: number, node: number): Act => ({ at, do: 'crash', node })
const talk = (at: number, person: number): Act => ({
  at,
  do: 'say',
  person,
  room: 0,
  type: 'say',
  body: { word: `${at}` },
})

/** A seed's world in which these happen among much else. */
function planWith(...acts: Act[]): Plan {
  const { seed, shape } = planOf(7)
  const noise = Array.from({ length: 60 }, (_, n) => talk(100 * n, n % 5))
  return { seed, shape: { ...shape, nodes: 3, people: 5, rooms: 3 }, acts: [...noise, ...acts] }
}

test('what is left is what it takes, and no more', async () => {
  const plan = planWith(crash(3_000, 1), crash(4_000, 0))
  const attempt = async ({ acts }: Plan) => {
    const both =
      acts.some((act) => act.do === 'crash' && act.node === 0) &&
      acts.some((act) => act.do === 'crash' && act.node === 1)
    return both && acts.some((act) => act.do === 'say' && act.person === 0) ? broken('R1') : null
  }
  const shrunk = await shrink(plan, broken('R1'), { attempt, runsMax: 1_000 })
  expect(shrunk.plan.acts.map((act) => act.do).toSorted()).toEqual(['crash', 'crash', 'say'])
  expect(shrunk.plan.shape).toMatchObject({ nodes: 2, people: 1, rooms: 1 })
  expect(shrunk.plan.shape.durationMs).toBeLessThan(6_000)
  expect(shrunk.plan.seed).toBe(plan.seed)
})

test('a plan that breaks another promise is not taken for a smaller one', async () => {
  const plan = planWith(crash(3_000, 1))
  const attempt = async ({ acts }: Plan) => (acts.some((act) => act.do === 'crash') ? broken('R1') : broken('R5'))
  const shrunk = await shrink(plan, broken('R1'), { attempt, runsMax: 1_000 })
  expect(shrunk.plan.acts.map((act) => act.do)).toEqual(['crash'])
  expect(shrunk.violation.promise).toBe('R1')
})

test('it stops at its limit with the best so far', async () => {
  const plan = planWith(crash(3_000, 1))
  let runs = 0
  const attempt = async () => {
    runs++
    return broken('R1')
  }
  const shrunk = await shrink(plan, broken('R1'), { attempt, runsMax: 3 })
  expect(runs).toBe(3)
  expect(shrunk.runs).toBe(3)
  expect(shrunk.plan.acts.length).toBeLessThan(plan.acts.length)
})
