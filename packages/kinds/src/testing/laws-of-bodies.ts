import fc from 'fast-check'
import { expect, it } from 'vitest'

import { ROLES } from '../roles.ts'
import type { PlayedKind } from './play.ts'

/** Registers what holds of a kind's commands, signals and settings without any play. */
export function bodiesChecked(kind: PlayedKind, settings: fc.Arbitrary<unknown>): void {
  const rules = { ...kind.commands, ...kind.signals }
  it.each(Object.entries(rules))(
    '%s: a body with a field that nobody knows is refused, and one that is no object',
    (_, rule) => {
      const unknownField = rule.body.safeParse({ nobodyKnowsThis: 1 })
      expect(unknownField.error?.issues.map(({ code }) => code)).toContain('unrecognized_keys')
      for (const body of [undefined, null, true, 1, 'text', []]) expect(rule.body.safeParse(body).success).toBe(false)
      expect(rule.allow.length).toBeGreaterThan(0)
      expect(ROLES).toEqual(expect.arrayContaining([...rule.allow]))
    },
  )
  it('settings with a field that nobody knows are refused', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(kind.settings.safeParse(given).success).toBe(true)
        expect(kind.settings.safeParse({ ...(given as object), nobodyKnowsThis: 1 }).success).toBe(false)
      }),
      { numRuns: 10 },
    )
  })
  it('a signal has a rate', () => {
    for (const rule of Object.values(kind.signals)) expect(rule.perSecond).toBeGreaterThan(0)
  })
}
