import { z } from 'zod'
import { fold, inbox as client } from './inbox/client.ts'
import { inboxCommands } from './inbox/commands.ts'
import type { InboxBodies, InboxState, InboxView } from './inbox/model.ts'
import { defineKind, type SignalRules } from './kind.ts'

export { INBOX_LIMITS } from './inbox/model.ts'
export type { InboxView, KeptNotice } from './inbox/model.ts'

/** What somebody should know of: they were mentioned, answered, or given something to read. One room for each account. */
export const inbox = defineKind<
  Record<string, never>,
  InboxState,
  typeof inboxCommands,
  SignalRules,
  InboxBodies,
  InboxView,
  undefined
>({
  ...client,
  version: 1,
  settings: z.strictObject({}),
  commands: inboxCommands,
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
  evolve: fold,
  visibility: () => 'everyone',
  view: (state) => state,
})
