import { z } from 'zod'
import { titleSchema } from '../api.ts'
import type { EventId } from '../ids.ts'
import { NOTICES, type CommandRules } from '../kind.ts'
import { commandIdSchema, roomIdSchema, seqSchema, userIdSchema } from '../wire.ts'
import { INBOX_LIMITS } from './model.ts'

export const inboxCommands = {
  /** Only ever sent by the server itself. */
  notify: {
    body: z.strictObject({
      what: z.enum(NOTICES),
      by: z.strictObject({ id: userIdSchema, name: z.string() }),
      event: roomIdSchema.transform((id) => id as string as EventId),
      room: roomIdSchema,
      title: titleSchema,
      quote: z.string().max(INBOX_LIMITS.quoteChars),
      item: z.string().max(64).nullable(),
    }),
    allow: ['owner'],
  },
  read: { body: z.strictObject({ through: seqSchema }), allow: ['owner'] },
  readOne: { body: z.strictObject({ notice: commandIdSchema }), allow: ['owner'] },
} as const satisfies CommandRules
