import { z } from 'zod'
import { titleSchema } from './api.ts'
import { INBOX_LIMITS, type InboxBodies, type InboxEntry, type InboxState, type InboxView } from './inbox/model.ts'
import { defineKind, NOTICES, type CommandRules, type SignalRules } from './kind.ts'
import { commandIdSchema, roomIdSchema, seqSchema, userIdSchema } from './wire.ts'
import type { EventId } from './ids.ts'

export { INBOX_LIMITS } from './inbox/model.ts'
export type { InboxView, KeptNotice } from './inbox/model.ts'

const commands = {
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

/** What somebody should know of: they were mentioned, answered, or given something to read. One room for each account. */
export const inbox = defineKind<
  Record<string, never>,
  InboxState,
  typeof commands,
  SignalRules,
  InboxBodies,
  InboxView,
  undefined
>({
  name: 'inbox',
  version: 1,
  settings: z.strictObject({}),
  commands,
  signals: {},
  initial: () => ({ notices: [], unread: 0 }),
  decide(state, command, by) {
    switch (command.type) {
      case 'notify':
        if (by.role !== 'system') return { refused: 'not_yours_to_say', message: 'Only the server puts notices here.' }
        return { entries: [{ type: 'notice', body: command.body }] }
      case 'read': {
        const { through } = command.body
        const unread = state.notices.some(({ read, seq }) => !read && seq <= through)
        return { entries: unread ? [{ type: 'read', body: { through } }] : [] }
      }
      case 'readOne': {
        const { notice } = command.body
        const unread = state.notices.some(({ read, id }) => !read && id === notice)
        return { entries: unread ? [{ type: 'readOne', body: { notice } }] : [] }
      }
    }
  },
  evolve: (state, entry) => fold(state, entry),
  visibility: () => 'everyone',
  view: (state) => state,
  evolveView: (view, entry) => fold(view, entry),
})

function fold({ notices }: InboxState, entry: InboxEntry): InboxState {
  switch (entry.type) {
    case 'notice': {
      const { id, seq, at, body } = entry
      return counted([...notices, { ...body, id, seq, at, read: false }].slice(-INBOX_LIMITS.notices))
    }
    case 'read':
      return counted(notices.map((each) => (each.seq <= entry.body.through ? { ...each, read: true } : each)))
    case 'readOne':
      return counted(notices.map((each) => (each.id === entry.body.notice ? { ...each, read: true } : each)))
  }
}

function counted(notices: InboxState['notices']): InboxState {
  return { notices, unread: notices.filter(({ read }) => !read).length }
}
