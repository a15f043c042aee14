import { z } from 'zod'
import { CODE } from './code.ts'
import { LIMITS } from './limits.ts'
import { ROLES } from './roles.ts'
import { TEMPLATES } from './templates.ts'
import type { EventId, RoomId, UserId } from './ids.ts'

/** HTTP bodies of docs/SPEC.md §HTTP: one schema for the server's checks, the OpenAPI document and the client's types. */

// `__proto__` is no id: as a key of a plain record it would not be kept.
const brandedId = <T extends string>() =>
  z
    .string()
    .regex(/^(?!__proto__$)[\w-]{1,64}$/)
    .transform((value) => value as T)
const eventId = brandedId<EventId>()
const roomId = brandedId<RoomId>()
const userId = brandedId<UserId>()

/** One line of text for people: trimmed, inner white space folded, no control characters. */
const line = (max: number) =>
  z
    .string()
    .transform((value) => value.replace(/\s+/gu, ' ').trim())
    .pipe(
      z
        .string()
        .min(1)
        .max(max)
        .regex(/^\P{Cc}*$/u),
    )
export const nameSchema = line(LIMITS.nameChars)
export const titleSchema = line(LIMITS.titleChars)
/** What an attendee types to get in; matched without regard to case. */
export const codeSchema = z.string().trim().toUpperCase().regex(CODE, 'A code is 4 to 24 letters, digits or dashes.')
const pass = z.string().min(1).max(4096)
export const roleSchema = z.enum(ROLES)

export const eventRoomSchema = z.object({ id: roomId, kind: z.string(), title: z.string() })
export const eventSchema = z.object({
  id: eventId,
  code: z.string(),
  title: z.string(),
  status: z.enum(['live', 'ended']),
  /** `rehearsal`: a twin of an event that vanishes with all that happens in it. `room`: one room on its own, with a list of members; a game or a document that is part of no event. */
  form: z.enum(['event', 'room', 'rehearsal']),
  /** `closed`: the code lets nobody in but those who are members already; invitations still do. */
  door: z.enum(['open', 'closed']),
  rooms: z.array(eventRoomSchema),
})
export const meSchema = z.object({ id: userId, name: z.string(), role: roleSchema })

export const createEventBody = z.strictObject({
  title: titleSchema,
  /** Without one the rooms are empty. */
  template: z.enum(TEMPLATES).optional(),
  /** The organiser's name in the event; "Organiser" without one. */
  name: nameSchema.optional(),
  pass: pass.optional(),
})
export const createEventAnswer = z.object({ event: eventSchema, pass })

const kindName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)
/** How the twin's rooms are to begin, by kind; each kind's own settings, in which the event's rooms are named as they are. */
export const beginRehearsalBody = z.strictObject({
  settings: z.record(kindName, z.record(z.string(), z.unknown())).default({}),
})
/** A room on its own. */
export const createRoomBody = z.strictObject({
  kind: kindName,
  title: titleSchema,
  /** The kind's own. */
  settings: z.record(z.string(), z.unknown()).optional(),
  door: eventSchema.shape.door.optional(),
  name: nameSchema.optional(),
  pass: pass.optional(),
})
/** One more room of an event. */
export const addRoomBody = createRoomBody.pick({ kind: true, title: true, settings: true })
export const addRoomAnswer = z.object({ event: eventSchema, room: eventRoomSchema })
export const myRoomsQuery = z.strictObject({ kind: kindName.optional() })
export const myRoomsAnswer = z.object({
  rooms: z.array(eventSchema.extend({ role: roleSchema, createdAt: z.number() })),
})

/** A code that lets people in with a role; at most one for each role. */
export const invitationSchema = z.object({ role: roleSchema, code: z.string() })
export const invitationsAnswer = z.object({ invitations: z.array(invitationSchema) })
/** Off and on again makes a new code, and the old one opens nothing any more. */
export const changeInvitationBody = z.strictObject({ on: z.boolean() })
export const invitationAnswer = z.object({ invitation: invitationSchema.nullable() })

/** A room with whoever else looks for one of this kind now. */
export const matchBody = z.strictObject({ kind: kindName, title: titleSchema, name: nameSchema, pass: pass.optional() })
export const matchAnswer = z.object({ event: eventSchema, pass, waiting: z.boolean() })
export const matchAgainAnswer = z.object({ event: eventSchema, waiting: z.boolean() })

export const joinBody = z.strictObject({ code: codeSchema, name: nameSchema, pass: pass.optional() })
export const joinAnswer = z.object({
  ticket: z.string(),
  pass,
  event: eventSchema,
  me: meSchema,
  /** Base URL of the gateway to connect to. */
  gateway: z.string(),
})

export const ticketBody = z.strictObject({ pass, event: eventId })
export const ticketAnswer = z.object({ ticket: z.string(), event: eventSchema, me: meSchema, gateway: z.string() })

export const assignAnswer = z.object({ url: z.string(), zone: z.string() })

/** What anyone who holds the code may know before joining. */
export const peekAnswer = z.object({
  id: eventId,
  code: z.string(),
  title: z.string(),
  status: z.enum(['live', 'ended']),
  form: eventSchema.shape.form,
  /** Of its rooms. */
  kinds: z.array(z.string()),
})

export const myEventsAnswer = z.object({
  events: z.array(eventSchema.extend({ role: roleSchema, createdAt: z.number() })),
})
export const eventAnswer = z.object({ event: eventSchema, me: meSchema })
export const changeEventBody = z
  .strictObject({
    title: titleSchema.optional(),
    code: codeSchema.optional(),
    status: z.enum(['live', 'ended']).optional(),
    door: eventSchema.shape.door.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'Nothing to change.')

export const personSchema = z.object({ id: userId, name: z.string(), role: roleSchema, banned: z.boolean() })
/** Those with a role of their own or a ban; everybody else is an attendee and has no row. */
export const peopleAnswer = z.object({ people: z.array(personSchema) })
export const changePersonBody = z
  .strictObject({ name: nameSchema, role: roleSchema.optional(), banned: z.boolean().optional() })
  .refine((body) => body.role !== undefined || body.banned !== undefined, 'Nothing to change.')
export const personAnswer = z.object({ person: personSchema })

export const entriesQuery = z.strictObject({
  /** Newest first page: entries below this seq. */
  before: z.coerce.number().int().min(1).optional(),
  /** Oldest first page: entries above this seq. */
  after: z.coerce.number().int().min(0).optional(),
  /** Wall clock bounds in milliseconds, both inclusive. */
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.historyPage).default(50),
})
export const entrySchema = z.object({
  seq: z.number(),
  at: z.number(),
  by: z.object({ id: userId, name: z.string(), role: z.string() }).nullable(),
  type: z.string(),
  body: z.unknown(),
  id: z.string(),
})
export const entriesAnswer = z.object({
  /** Ascending by seq. The slice's visible entries, and after them in the log those that change one of them. */
  entries: z.array(entrySchema),
  /** The slice is `(after, through]`; an entry past `through` only amends one inside. */
  after: z.number(),
  through: z.number(),
  /** More lies beyond the slice, in the direction asked. */
  more: z.boolean(),
})

const yUpdate = z.string()
export const documentQuery = z.strictObject({
  /** As of this entry; the newest without it. */
  at: z.coerce.number().int().min(0).optional(),
  /** Tell what changed since this entry, too. */
  since: z.coerce.number().int().min(0).optional(),
})
/** A run of changes, most often of one person. */
export const documentChangeSchema = z.object({
  people: z.array(z.object({ id: userId, name: z.string() })),
  /** The run is `(after, through]`. */
  after: z.number(),
  through: z.number(),
  /** When its last entry was written. */
  at: z.number(),
  /** It brought an earlier text back. */
  restored: z.boolean(),
  update: yUpdate,
})
export const documentAnswer = z.object({
  seq: z.number(),
  head: z.number(),
  /** The text as of `since`, or as of `seq` without that: a Yjs update, base64url. */
  update: yUpdate,
  /** What makes it the text as of `seq`, in order; Yjs updates that still hold what was deleted. */
  changes: z.array(documentChangeSchema),
})
export const fileAnswer = z.object({
  /** Where it is served to whoever has this address: put it into the text. */
  url: z.string(),
  type: z.string(),
  bytes: z.number(),
  width: z.number(),
  height: z.number(),
})

/** A room on its own of kind `inbox`. */
export const inboxAnswer = z.object({ event: eventId, room: roomId })

/** A key for pages that only show an event. */
export const overlayKeySchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  label: z.string(),
  createdAt: z.number(),
})
export const overlayKeysAnswer = z.object({ keys: z.array(overlayKeySchema) })
export const makeOverlayKeyBody = z.strictObject({ label: line(LIMITS.nameChars) })
export const makeOverlayKeyAnswer = z.object({ overlay: overlayKeySchema, key: z.string() })
export const overlayBody = z.strictObject({ key: z.string().regex(/^[\w-]{16,128}$/) })

export const passBody = z.strictObject({ pass: pass.optional() })
export const passAnswer = z.object({ pass, user: userId, name: z.string() })

export const configAnswer = z.object({
  version: z.string(),
  node: z.string(),
  zone: z.string(),
  /** Where other machines reach this server, as far as it knows; for invitations made on the machine itself. */
  reachableAt: z.array(z.string()),
  accounts: z.object({ magicLink: z.boolean(), oidc: z.array(z.object({ id: z.string(), name: z.string() })) }),
})

export const failureSchema = z.object({
  ok: z.literal(false),
  code: z.string(),
  message: z.string(),
  temporary: z.boolean(),
  reason: z.string().optional(),
  retryAfter: z.number().optional(),
})

export type EventInfo = z.output<typeof eventSchema>
export type Me = z.output<typeof meSchema>
export type Person = z.output<typeof personSchema>
export type Invitation = z.output<typeof invitationSchema>
export type MyRoom = z.output<typeof myRoomsAnswer>['rooms'][number]
export type MatchAnswer = z.output<typeof matchAnswer>
export type MatchAgainAnswer = z.output<typeof matchAgainAnswer>
export type DocumentAnswer = z.output<typeof documentAnswer>
export type DocumentChange = z.output<typeof documentChangeSchema>
export type InboxAnswer = z.output<typeof inboxAnswer>
export type FileAnswer = z.output<typeof fileAnswer>
export type OverlayKey = z.output<typeof overlayKeySchema>
export type MyEvent = z.output<typeof myEventsAnswer>['events'][number]
export type JoinEventAnswer = z.output<typeof joinAnswer>
export type TicketAnswer = z.output<typeof ticketAnswer>
export type EntriesAnswer = z.output<typeof entriesAnswer>
export type ConfigAnswer = z.output<typeof configAnswer>
export type PeekAnswer = z.output<typeof peekAnswer>
