import { defineClientKind, type SignalRules } from '../kind.ts'
import type { inboxCommands } from './commands.ts'
import { INBOX_LIMITS, type InboxBodies, type InboxEntry, type InboxState, type InboxView } from './model.ts'

/** Somebody's notices, as they keep up with them. */
export const inbox = defineClientKind<typeof inboxCommands, SignalRules, InboxBodies, InboxView, undefined>({
  name: 'inbox',
  empty: () => ({ notices: [], unread: 0 }),
  evolveView: fold,
})

/** The notices one entry later: the state is the view. */
export function fold({ notices }: InboxState, entry: InboxEntry): InboxState {
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
