import { z } from 'zod'
import { nameSchema, titleSchema } from '../api.ts'
import type { CommandOf, CommandRules, SignalRules } from '../kind.ts'
import { EVERYONE, ROLES, STAFF } from '../roles.ts'
import { plainText } from '../text.ts'
import { commandIdSchema, roomIdSchema, userIdSchema } from '../wire.ts'
import { FIRST_PANELS, NOTED, PANELS, STAGE_LIMITS, type Reaction } from './model.ts'

const cue = commandIdSchema
const line = plainText(STAGE_LIMITS.lineChars)
const announcement = plainText(STAGE_LIMITS.announcementChars)
const panels = z
  .array(z.enum(PANELS))
  .max(PANELS.length)
  .transform((list) => PANELS.filter((panel) => list.includes(panel)))
const until = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const link = z.string().trim().min(1).max(STAGE_LIMITS.linkChars)
/** An image of this server, or of any other over TLS. */
const imageUrl = link.regex(
  /^(?:https:\/\/[^\s"'<>\\]+|\/(?![/\\])[^\s"'<>\\]*)$/,
  'A link that begins with https:// or /.',
)
const host = z
  .string()
  .regex(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$/, 'A host name.')

const lowerThird = z.strictObject({ title: line, detail: line.optional() })

/** A scene as it is asked for: a video by its link, which `decide` looks at. */
const sceneSchema = z.discriminatedUnion('layout', [
  z.strictObject({
    layout: z.enum(['welcome', 'break']),
    text: line.optional(),
    /** To `until`, or without that to the end of the planned time. */
    countdown: z.boolean().optional(),
    until: until.optional(),
  }),
  z.strictObject({ layout: z.literal('card'), text: line.optional(), detail: line.optional() }),
  z.strictObject({ layout: z.literal('video'), text: line.optional(), url: link }),
  z.strictObject({ layout: z.literal('image'), text: line.optional(), url: imageUrl, alt: line }),
  z.strictObject({
    layout: z.enum(['poll', 'questions', 'document', 'game']),
    text: line.optional(),
    room: roomIdSchema,
    /** One thing of that room, such as a poll. */
    item: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
  }),
  z.strictObject({ layout: z.literal('end'), text: line.optional() }),
])

const title = titleSchema
const plannedMs = z.number().int().min(0).max(STAGE_LIMITS.plannedMs)
const notes = z.union([z.literal(''), plainText(STAGE_LIMITS.notesChars)])

/** `before` null or missing: at the end. */
const before = cue.nullable().default(null)
/** The cue that whoever asks believes to be on, so that two who press at once do not skip one. */
const from = cue.nullable()

const cueBody = {
  title,
  plannedMs: plannedMs.default(0),
  notes: notes.default(''),
  scene: sceneSchema,
  lowerThird: lowerThird.optional(),
  announcement: announcement.optional(),
  panels: panels.optional(),
}

export const stageSettings = z.strictObject({
  /** The rundown that it begins with. */
  cues: z
    .array(z.strictObject({ id: cue, ...cueBody }))
    .max(STAGE_LIMITS.cues)
    .refine((cues) => new Set(cues.map(({ id }) => id)).size === cues.length, 'Two cues have one id.')
    .default([]),
  panels: panels.default([...FIRST_PANELS]),
  peertube: z.array(host).max(STAGE_LIMITS.peertubeHosts).default([]),
})

export const stageCommands = {
  add: {
    body: z.strictObject({ ...cueBody, before }),
    allow: STAFF,
  },
  /** What is left out stays; null takes it off. */
  edit: {
    body: z.strictObject({
      cue,
      title: title.optional(),
      plannedMs: plannedMs.optional(),
      notes: notes.optional(),
      scene: sceneSchema.optional(),
      lowerThird: lowerThird.nullable().optional(),
      announcement: announcement.nullable().optional(),
      panels: panels.nullable().optional(),
    }),
    allow: STAFF,
  },
  remove: { body: z.strictObject({ cue }), allow: STAFF },
  move: { body: z.strictObject({ cue, before }), allow: STAFF },
  start: { body: z.strictObject({}), allow: STAFF },
  next: { body: z.strictObject({ from }), allow: STAFF },
  back: { body: z.strictObject({ from }), allow: STAFF },
  go: { body: z.strictObject({ to: cue }), allow: STAFF },
  end: { body: z.strictObject({}), allow: STAFF },
  hold: { body: z.strictObject({ text: line.optional() }), allow: STAFF },
  resume: { body: z.strictObject({}), allow: STAFF },
  announce: { body: z.strictObject({ text: announcement.nullable() }), allow: STAFF },
  lowerThird: { body: z.strictObject({ lowerThird: lowerThird.nullable() }), allow: STAFF },
  panels: { body: z.strictObject({ panels }), allow: STAFF },
  /** To one speaker who stands by, or to all. */
  message: {
    body: z.strictObject({ text: plainText(STAGE_LIMITS.messageChars), to: userIdSchema.optional() }),
    allow: STAFF,
  },
  clearMessages: { body: z.strictObject({}), allow: STAFF },
  /** A speaker opens or closes the speaker's view; staff close it for somebody (`user`). */
  standby: {
    body: z.strictObject({ on: z.boolean(), user: userIdSchema.optional() }),
    allow: [...STAFF, 'speaker'],
  },
  undo: { body: z.strictObject({ of: commandIdSchema }), allow: STAFF },
  /** What was done to a person of the event outside of its rooms; only ever sent by the server itself. */
  noted: {
    body: z.strictObject({
      by: z.strictObject({ id: userIdSchema, name: nameSchema }),
      did: z.enum(NOTED),
      user: userIdSchema,
      name: nameSchema,
      role: z.enum(ROLES),
    }),
    allow: ['owner'],
  },
} as const satisfies CommandRules

/** How many of each, of one person since the last time. */
const taps = z.number().int().min(1).max(STAGE_LIMITS.tapsPerSignal).optional()

export const stageSignals = {
  react: {
    body: z.strictObject({ clap: taps, heart: taps, party: taps, laugh: taps, yes: taps, no: taps } satisfies Record<
      Reaction,
      typeof taps
    >),
    allow: EVERYONE,
    perSecond: 4,
    gathered: true,
  },
} as const satisfies SignalRules

export type StageSettings = z.output<typeof stageSettings>
export type StageCommand = CommandOf<typeof stageCommands>
export type StageCommandBody<T extends StageCommand['type']> = Extract<StageCommand, { type: T }>['body']
/** A scene as a client writes it. */
export type SceneInput = z.output<typeof sceneSchema>
