import { useEffect } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import type { ChatRoom, Me } from './chat-room.ts'

/** Least milliseconds between two announcements: a lively room must not talk without end. */
const ANNOUNCE_MS = 2_500
/** Longest part of a message that is read out, in characters. */
const SPOKEN_CHARS = 160

/** Tells screen readers of what others write: one message by its words, several by their number. */
export function useNewMessages(room: ChatRoom, me: Me): void {
  const { announce } = useSpeech()
  useEffect(() => {
    let waiting: string[] = []
    let timer: ReturnType<typeof setTimeout> | null = null
    const speak = () => {
      timer = null
      const [only] = waiting
      if (only === undefined) return
      announce(waiting.length === 1 ? only : `${waiting.length} new messages`)
      waiting = []
      timer = setTimeout(speak, ANNOUNCE_MS)
    }
    const stop = room.onEntry((entry) => {
      if (entry.type !== 'post' && entry.type !== 'approve') return
      const message = room.snapshot.view?.messages.find(({ seq }) => seq === entry.seq)
      if (!message || message.by.id === me.id) return
      waiting.push(`${message.by.name}: ${message.text.slice(0, SPOKEN_CHARS)}`)
      if (timer === null) speak()
    })
    return () => {
      stop()
      if (timer !== null) clearTimeout(timer)
    }
  }, [room, me.id, announce])
}
