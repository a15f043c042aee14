import { z } from 'zod'
import type { CommandOf, CommandRules, SignalRules } from '../kind.ts'
import { EVERYONE, STAFF } from '../roles.ts'
import { plainText } from '../text.ts'
import { commandIdSchema } from '../wire.ts'
import { POLLS_LIMITS } from './model.ts'

const poll = commandIdSchema
const text = plainText(POLLS_LIMITS.textChars)
const label = plainText(POLLS_LIMITS.labelChars)

/** As it is counted: in small letters, with single spaces. `__proto__` would not be kept as a key of a record. */
const word = plainText(POLLS_LIMITS.wordChars)
  .transform((given) => given.normalize('NFC').toLowerCase().replace(/\s+/g, ' '))
  .refine((given) => given !== '__proto__' && given.length <= POLLS_LIMITS.wordChars * 2, 'Not a word.')

/** Each index once, ascending. */
const picks = z
  .array(
    z
      .number()
      .int()
      .min(0)
      .max(POLLS_LIMITS.options - 1),
  )
  .min(1)
  .max(POLLS_LIMITS.options)
  .transform((list) => [...new Set(list)].toSorted((a, b) => a - b))

const choice = z
  .strictObject({
    type: z.literal('choice'),
    options: z
      .array(plainText(POLLS_LIMITS.optionChars))
      .min(2)
      .max(POLLS_LIMITS.options)
      .refine((list) => new Set(list).size === list.length, 'Two options are the same.'),
    max: z.number().int().min(1).max(POLLS_LIMITS.options).default(1),
    quiz: z
      .strictObject({
        right: picks,
        points: z.number().int().min(0).max(POLLS_LIMITS.pointsMax).default(1_000),
        speed: z.boolean().default(false),
      })
      .optional(),
  })
  .refine(({ options, max }) => max <= options.length, 'There are not so many options.')
  .refine(
    ({ options, max, quiz }) =>
      quiz === undefined || (quiz.right.length <= max && quiz.right.every((index) => index < options.length)),
    'No answer could be the right one.',
  )

const form = z.discriminatedUnion('type', [
  choice,
  z.strictObject({
    type: z.literal('rating'),
    steps: z.number().int().min(2).max(POLLS_LIMITS.ratingSteps).default(5),
    low: label.optional(),
    high: label.optional(),
  }),
  z.strictObject({
    type: z.literal('words'),
    max: z.number().int().min(1).max(POLLS_LIMITS.wordsPerPerson).default(3),
  }),
  z.strictObject({ type: z.literal('text') }),
])

const spec = {
  title: plainText(POLLS_LIMITS.titleChars),
  form,
  privacy: z.enum(['named', 'hidden', 'secret']).default('hidden'),
  show: z.enum(['live', 'revealed']).default('live'),
  change: z.boolean().default(true),
  seconds: z.number().int().min(5).max(POLLS_LIMITS.secondsMax).nullable().default(null),
}

const answer = z.union([
  z.strictObject({ picks }),
  z.strictObject({ rating: z.number().int().min(1).max(POLLS_LIMITS.ratingSteps) }),
  z.strictObject({
    words: z
      .array(word)
      .min(1)
      .max(POLLS_LIMITS.wordsPerPerson)
      .transform((list) => [...new Set(list)]),
  }),
  z.strictObject({ text }),
])

export const pollsSettings = z.strictObject({
  /** The drafts that it begins with. */
  drafts: z
    .array(z.strictObject({ id: poll, ...spec }))
    .max(POLLS_LIMITS.polls)
    .refine((drafts) => new Set(drafts.map(({ id }) => id)).size === drafts.length, 'Two drafts have one id.')
    .default([]),
})

export const pollsCommands = {
  /** The command's id is the poll's from then on. */
  draft: { body: z.strictObject(spec), allow: STAFF },
  /** A draft, written anew. */
  edit: { body: z.strictObject({ poll, ...spec }), allow: STAFF },
  /** A draft or an archived one, for good. */
  remove: { body: z.strictObject({ poll }), allow: STAFF },
  open: { body: z.strictObject({ poll }), allow: STAFF },
  close: { body: z.strictObject({ poll }), allow: STAFF },
  /** Of a quiz also what is right, and its points. */
  reveal: { body: z.strictObject({ poll }), allow: STAFF },
  reopen: { body: z.strictObject({ poll }), allow: STAFF },
  archive: { body: z.strictObject({ poll }), allow: STAFF },
  restore: { body: z.strictObject({ poll }), allow: STAFF },
  /** Takes a text or a word out of the results, or puts it back. */
  hide: { body: z.strictObject({ poll, text, on: z.boolean() }), allow: STAFF },
  clearBoard: { body: z.strictObject({}), allow: STAFF },
  vote: { body: z.strictObject({ poll, answer }), allow: EVERYONE },
} as const satisfies CommandRules

export const pollsSignals = {} as const satisfies SignalRules

export type PollsSettings = z.output<typeof pollsSettings>
export type PollsCommand = CommandOf<typeof pollsCommands>
export type PollsCommandBody<T extends PollsCommand['type']> = Extract<PollsCommand, { type: T }>['body']
