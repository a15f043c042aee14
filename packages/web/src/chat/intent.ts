import type { Message } from './chat-room.ts'

/** What the next message is about. */
export type Intent = { kind: 'post' } | { kind: 'reply'; to: Message } | { kind: 'edit'; message: Message }
