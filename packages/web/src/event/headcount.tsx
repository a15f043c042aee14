import { useRoom } from '@plenary/client/react'
import type { ChatRoom } from '../chat/chat-room.ts'

/** How many are here now. */
export function Headcount({ room }: { room: ChatRoom }) {
  const { presence } = useRoom(room)
  // Nobody is counted while the connection is away.
  return presence.total === 0 ? null : <span>{presence.total}</span>
}
