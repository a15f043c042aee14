import { z } from 'zod'
import { roleSchema } from '../api.ts'
import type { CommandOf, CommandRules, SignalRules } from '../kind.ts'
import { EVERYONE } from '../roles.ts'
import { plainText } from '../text.ts'
import { commandIdSchema, seqSchema, userIdSchema } from '../wire.ts'
import { DOCUMENT_LIMITS, FIRST_LEVELS, LEVELS, ROLE_LEVELS } from './model.ts'

const { commandBytes: maxBytes } = DOCUMENT_LIMITS
const base64url = (maxChars: number) =>
  z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[\w-]+$/)
const update = base64url(maxBytes)
const position = base64url(DOCUMENT_LIMITS.anchorChars)
const text = plainText(DOCUMENT_LIMITS.commentChars)
const mentions = z.array(userIdSchema).max(DOCUMENT_LIMITS.mentions).default([])
const thread = commandIdSchema
const comment = commandIdSchema
const name = plainText(DOCUMENT_LIMITS.versionNameChars)
const roleLevel = z.enum(ROLE_LEVELS)

export const documentSettings = z.strictObject({
  roles: z
    .strictObject({
      owner: roleLevel.default(FIRST_LEVELS.owner),
      producer: roleLevel.default(FIRST_LEVELS.producer),
      moderator: roleLevel.default(FIRST_LEVELS.moderator),
      speaker: roleLevel.default(FIRST_LEVELS.speaker),
      attendee: roleLevel.default(FIRST_LEVELS.attendee),
    })
    .prefault({}),
})

/** Whoever is in the room may ask; what each may do is the document's own to say (`share`). */
export const documentCommands = {
  update: { body: z.strictObject({ update }), allow: EVERYONE, maxBytes },
  restore: {
    body: z.strictObject({ update, from: seqSchema, name: name.nullable().default(null) }),
    allow: EVERYONE,
    maxBytes,
  },
  comment: {
    body: z.strictObject({
      anchor: z.strictObject({ from: position, to: position }).nullable().default(null),
      quote: z.union([z.literal(''), plainText(DOCUMENT_LIMITS.quoteChars)]).default(''),
      text,
      mentions,
    }),
    allow: EVERYONE,
  },
  reply: { body: z.strictObject({ thread, text, mentions }), allow: EVERYONE },
  editComment: { body: z.strictObject({ thread, comment, text, mentions }), allow: EVERYONE },
  /** One's own, or as one of the staff; with the first of a thread goes the thread. */
  deleteComment: { body: z.strictObject({ thread, comment }), allow: EVERYONE },
  resolve: { body: z.strictObject({ thread }), allow: EVERYONE },
  reopen: { body: z.strictObject({ thread }), allow: EVERYONE },
  version: { body: z.strictObject({ name }), allow: EVERYONE },
  renameVersion: { body: z.strictObject({ version: commandIdSchema, name }), allow: EVERYONE },
  deleteVersion: { body: z.strictObject({ version: commandIdSchema }), allow: EVERYONE },
  shareWithRole: { body: z.strictObject({ role: roleSchema, level: roleLevel }), allow: ['owner', 'producer'] },
  /** Null: as their role says. `none`: not even in the room. */
  shareWithPerson: {
    body: z.strictObject({ user: userIdSchema, level: z.enum(LEVELS).nullable() }),
    allow: ['owner', 'producer'],
  },
} as const satisfies CommandRules

export const documentSignals = {
  /** A Yjs awareness update: cursors, selections, names, colours. */
  awareness: {
    body: z.strictObject({ update: base64url(DOCUMENT_LIMITS.awarenessChars) }),
    allow: EVERYONE,
    perSecond: 15,
  },
  /** Who is new asks the others to say where they are. */
  whoIsThere: { body: z.strictObject({}), allow: EVERYONE, perSecond: 1 },
} as const satisfies SignalRules

export type DocumentCommand = CommandOf<typeof documentCommands>
