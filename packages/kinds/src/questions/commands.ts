import { z } from 'zod'
import type { CommandOf, CommandRules, SignalRules } from '../kind.ts'
import { EVERYONE, STAFF } from '../roles.ts'
import { plainText } from '../text.ts'
import { seqSchema } from '../wire.ts'
import { QUESTIONS_LIMITS } from './model.ts'

const target = seqSchema
const on = z.boolean()
const text = plainText(QUESTIONS_LIMITS.textChars)

export const questionsSettings = z.strictObject({
  hold: z.boolean().default(false),
  anonymous: z.enum(['off', 'audience', 'everyone']).default('audience'),
})

export const questionsCommands = {
  ask: { body: z.strictObject({ text, anonymous: z.boolean().default(false) }), allow: EVERYONE },
  edit: { body: z.strictObject({ target, text }), allow: EVERYONE },
  delete: { body: z.strictObject({ target }), allow: EVERYONE },
  vote: { body: z.strictObject({ target, on }), allow: EVERYONE },
  approve: { body: z.strictObject({ target }), allow: STAFF },
  reject: { body: z.strictObject({ target }), allow: STAFF },
  mark: {
    body: z.strictObject({ target, as: z.enum(['open', 'live', 'answered', 'archived', 'dismissed']) }),
    allow: STAFF,
  },
  /** Undoes what staff did with it: archived, dismissed, merged or rejected it. */
  restore: { body: z.strictObject({ target }), allow: STAFF },
  pin: { body: z.strictObject({ target, on }), allow: STAFF },
  reply: {
    body: z.strictObject({ target, text: plainText(QUESTIONS_LIMITS.replyChars) }),
    allow: [...STAFF, 'speaker'],
  },
  unreply: { body: z.strictObject({ target, reply: seqSchema }), allow: [...STAFF, 'speaker'] },
  merge: { body: z.strictObject({ target, into: seqSchema }), allow: STAFF },
  hold: { body: z.strictObject({ on }), allow: STAFF },
  close: { body: z.strictObject({ on }), allow: STAFF },
} as const satisfies CommandRules

export const questionsSignals = {} as const satisfies SignalRules

export type QuestionsCommand = CommandOf<typeof questionsCommands>
export type QuestionsCommandBody<T extends QuestionsCommand['type']> = Extract<QuestionsCommand, { type: T }>['body']
