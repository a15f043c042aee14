import { chat as client } from './chat/client.ts'
import { chatCommands, chatSettings, chatSignals } from './chat/commands.ts'
import { decide } from './chat/decide.ts'
import { evolve, initial } from './chat/evolve.ts'
import { conceal, visibility } from './chat/history.ts'
import { mine } from './chat/mine.ts'
import type { ChatBodies, ChatEntry, ChatMine, ChatSettings, ChatState, ChatView } from './chat/model.ts'
import { view } from './chat/view.ts'
import { defineKind } from './kind.ts'
import { STAFF } from './roles.ts'

export type { ChatMine, ChatView, HeldMessage, Message } from './chat/model.ts'

/** A conversation: messages with answers, reactions and pins, and what staff need to keep it civil. */
export const chat = defineKind<
  ChatSettings,
  ChatState,
  typeof chatCommands,
  typeof chatSignals,
  ChatBodies,
  ChatView,
  ChatMine
>({
  ...client,
  alone: { matched: false },
  version: 2,
  settings: chatSettings,
  commands: chatCommands,
  signals: chatSignals,
  initial,
  decide,
  evolve,
  visibility,
  view,
  mine,
  barred: (state) => state.barred,
  neverBarred: STAFF,
  conceal,
  // The second version has back what was rejected; what the first one wrote means the same.
  upgrade: (entry) => entry as ChatEntry,
})
