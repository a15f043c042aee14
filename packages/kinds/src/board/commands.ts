import { z } from 'zod'
import type { UserId } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { EVERYONE, STAFF } from '../roles.ts'
import { plainText } from '../text.ts'
import { BOARD_LIMITS } from './model.ts'
import type { BoardRules } from './rules.ts'

const side = z.union([z.literal(0), z.literal(1)])
const count = z.number().int().min(0).max(1_000_000)
const nothing = z.strictObject({})
const user = z
  .string()
  .regex(/^(?!__proto__$)[\w-]{1,64}$/)
  .transform((value) => value as UserId)

export function gameSettings({ clockMs }: Pick<BoardRules, 'clockMs'>) {
  const time = z.number().int().min(BOARD_LIMITS.clockMsMin).max(BOARD_LIMITS.clockMsMax)
  return z.strictObject({
    clockMs: time.nullable().default(clockMs),
    incrementMs: z.number().int().min(0).max(BOARD_LIMITS.incrementMsMax).default(0),
    seating: z.enum(['open', 'hosts']).default('open'),
  })
}

/** What may be asked. Whatever is about a round names it, so that what comes late does nothing to the next one. */
export function gameCommands({ choices }: Pick<BoardRules, 'choices'>) {
  const choice = z
    .number()
    .int()
    .min(0)
    .max(choices - 1)
  const round = z.strictObject({ round: count })
  return {
    /** On that side, or on whichever is free. */
    sit: { body: z.strictObject({ side: side.optional() }), allow: EVERYONE },
    stand: { body: nothing, allow: EVERYONE },
    /** Puts somebody on a seat. */
    seat: { body: z.strictObject({ side, user, name: plainText(LIMITS.nameChars) }), allow: STAFF },
    /** Takes whoever sits there off it; a round that is on is stopped. */
    unseat: { body: z.strictObject({ side }), allow: STAFF },
    /** `turn`: how many moves there were before it. */
    move: { body: z.strictObject({ round: count, turn: count, choice }), allow: EVERYONE },
    resign: { body: round, allow: EVERYONE },
    rematch: { body: round, allow: EVERYONE },
    /** Asks the other player whether they are there. */
    call: { body: round, allow: EVERYONE },
    /** The answer; a page gives it by itself. */
    here: { body: round, allow: EVERYONE },
    /** Ends the round of whoever did not answer. */
    claim: { body: round, allow: EVERYONE },
  } as const
}

export type GameCommands = ReturnType<typeof gameCommands>

export const gameSignals = {}
export type GameSignals = typeof gameSignals
