import { z } from 'zod'
import { nameSchema } from '../api.ts'
import type { CommandOf, CommandRules, SignalRules } from '../kind.ts'
import { EVERYONE, STAFF } from '../roles.ts'
import { plainText } from '../text.ts'
import { seqSchema, userIdSchema } from '../wire.ts'
import { CHAT_LIMITS } from './model.ts'

const target = seqSchema
const on = z.boolean()
const textSchema = plainText(CHAT_LIMITS.textChars)
const slowMs = z.number().int().min(0).max(CHAT_LIMITS.slowMs)

/** One emoji as people see it, however many code points it takes. */
const emojiSchema = z
  .string()
  .max(64)
  .regex(/^\p{RGI_Emoji}$/v, 'One emoji.')

export const chatSettings = z.strictObject({ slowMs: slowMs.default(0), hold: z.boolean().default(false) })

export const chatCommands = {
  post: {
    body: z.strictObject({
      text: textSchema,
      replyTo: target.optional(),
      mentions: z.array(userIdSchema).max(CHAT_LIMITS.mentions).optional(),
    }),
    allow: EVERYONE,
  },
  edit: { body: z.strictObject({ target, text: textSchema }), allow: EVERYONE },
  delete: { body: z.strictObject({ target }), allow: EVERYONE },
  restore: { body: z.strictObject({ target }), allow: STAFF },
  react: { body: z.strictObject({ target, emoji: emojiSchema, on }), allow: EVERYONE },
  pin: { body: z.strictObject({ target, on }), allow: STAFF },
  mute: {
    body: z.strictObject({
      user: userIdSchema,
      name: nameSchema,
      on,
      forMs: z.number().int().min(1).max(CHAT_LIMITS.muteMs).optional(),
    }),
    allow: STAFF,
  },
  ban: { body: z.strictObject({ user: userIdSchema, name: nameSchema, on }), allow: STAFF },
  slow: { body: z.strictObject({ ms: slowMs }), allow: STAFF },
  hold: { body: z.strictObject({ on }), allow: STAFF },
  approve: { body: z.strictObject({ target }), allow: STAFF },
  reject: { body: z.strictObject({ target }), allow: STAFF },
} as const satisfies CommandRules

export const chatSignals = {
  typing: { body: z.strictObject({ on }), allow: EVERYONE, perSecond: CHAT_LIMITS.typingPerSecond },
} as const satisfies SignalRules

export type ChatCommand = CommandOf<typeof chatCommands>
export type ChatCommandBody<T extends ChatCommand['type']> = Extract<ChatCommand, { type: T }>['body']
