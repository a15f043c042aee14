import { expect, test } from 'vitest'
import { mayEnter } from './cast.ts'
import { planOf } from './generate.ts'
import { FAULTS } from './plan.ts'

const PLANS = Array.from({ length: 400 }, (_, seed) => planOf(seed))

test('the same seed gives the same plan, and another another', () => {
  expect(planOf(17)).toEqual(PLANS[17])
  expect(new Set(PLANS.map((plan) => JSON.stringify(plan.acts))).size).toBe(PLANS.length)
})

test('every kind of fault is met, most seeds lack some, and some have none', () => {
  const kinds = PLANS.map(({ acts }) => new Set(acts.map((act) => act.do)))
  for (const fault of FAULTS) expect(kinds.filter((each) => each.has(fault)).length, fault).toBeGreaterThan(10)
  expect(kinds.filter((each) => FAULTS.every((fault) => each.has(fault))).length).toBeLessThan(PLANS.length / 10)
  expect(kinds.some((each) => !FAULTS.some((fault) => each.has(fault)))).toBe(true)
})

test('acts are in order, faults are over when it must be calm, and each is of someone who is there', () => {
  for (const { acts, shape, seed } of PLANS) {
    expect(
      acts.map(({ at }) => at),
      `seed ${seed}`,
    ).toEqual(acts.map(({ at }) => at).toSorted((a, b) => a - b))
    for (const act of acts) {
      const isFault = (FAULTS as readonly string[]).includes(act.do)
      if (isFault) expect(act.at + ('forMs' in act ? act.forMs : 0)).toBeLessThanOrEqual(shape.calmAtMs)
      if ('node' in act) expect(act.node).toBeLessThan(shape.nodes)
      if ('a' in act) expect(act.a).not.toBe(act.b)
      if ('person' in act) expect(act.person).toBeLessThan(shape.people)
      if (act.do === 'say') expect(mayEnter(act.person, act.room)).toBe(true)
    }
  }
})
