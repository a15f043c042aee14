import { chat } from '@plenary/kinds/client'
import { useKindRoom } from './use-kind-room.ts'
import type { Session } from '@plenary/client'
import type { ChatRoom } from '../chat/chat-room.ts'

/** The event's chat; null when it has none. */
export const useChatRoom = (session: Session): ChatRoom | null => useKindRoom(session, chat)
