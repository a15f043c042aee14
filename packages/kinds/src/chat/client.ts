import { defineClientKind } from '../kind.ts'
import type { chatCommands, chatSignals } from './commands.ts'
import { about } from './history.ts'
import { evolveMine } from './mine.ts'
import type { ChatBodies, ChatMine, ChatView } from './model.ts'
import { evolveView } from './view.ts'

/** A conversation, as its people keep up with it. */
export const chat = defineClientKind<typeof chatCommands, typeof chatSignals, ChatBodies, ChatView, ChatMine>({
  name: 'chat',
  empty(audience) {
    const seen: ChatView = { messages: [], pins: [], slowMs: 0, hold: false }
    return audience === 'staff' ? { ...seen, staff: { held: [], muted: [], banned: [] } } : seen
  },
  evolveView,
  evolveMine,
  about,
})
