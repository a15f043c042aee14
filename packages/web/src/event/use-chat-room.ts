import { chat } from '@plenary/kinds'
import { useMemo } from 'react'
import type { Session } from '@plenary/client'
import type { ChatRoom } from '../chat/chat-room.ts'

/** The event's chat; null when it has none. The session keeps it, so it is the same room on every page of the event. */
export function useChatRoom(session: Session): ChatRoom | null {
  const id = session.event.rooms.find(({ kind }) => kind === 'chat')?.id
  return useMemo(() => (id === undefined ? null : session.room(chat, id)), [session, id])
}
