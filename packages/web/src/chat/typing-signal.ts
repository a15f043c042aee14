import { useCallback, useEffect, useRef } from 'react'
import type { ChatRoom } from './chat-room.ts'

/** Told again this often while typing goes on, in milliseconds; well under the time after which others forget it. */
const AGAIN_MS = 2_500

/** Tells the room that I am typing, and that I stopped; sparing with both. */
export function useTypingSignal(room: ChatRoom): (typing: boolean) => void {
  const toldAt = useRef(0)
  const tell = useCallback(
    (typing: boolean) => {
      const now = Date.now()
      if (typing ? now - toldAt.current < AGAIN_MS : toldAt.current === 0) return
      toldAt.current = typing ? now : 0
      room.signal('typing', { on: typing })
    },
    [room],
  )
  useEffect(() => () => tell(false), [tell])
  return tell
}
