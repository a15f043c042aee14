import { votesOf } from '@plenary/kinds'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Question, QuestionsDigest, QuestionsView, Seq } from '@plenary/kinds'
import type { QuestionsRoom } from './questions-room.ts'

/** Longest time until the room's own count has a vote that is in the log, in milliseconds. */
const ECHO_MS = 3_000

/** My vote, counted on this device until the room has counted it. */
interface Echo {
  /** What the room said when I voted; anything else it says from then on has my vote or knows better. */
  from: number
  on: boolean
}

/** Votes with one's own in them at once, and the way to give one. */
export function useVote(room: QuestionsRoom, view: QuestionsView | null, digest: QuestionsDigest | null) {
  const [echoes, setEchoes] = useState<Readonly<Record<Seq, Echo>>>({})
  const now = useRef({ view, digest })
  useLayoutEffect(() => {
    now.current = { view, digest }
  }, [view, digest])
  useEffect(() => {
    if (Object.keys(echoes).length === 0) return
    const timer = setTimeout(() => setEchoes({}), ECHO_MS)
    return () => clearTimeout(timer)
  }, [echoes])

  const vote = useCallback(
    (question: Question, on: boolean) => {
      const { view: seen, digest: newest } = now.current
      const from = seen === null ? question.votes : votesOf(question, seen, newest)
      setEchoes((before) => ({ ...before, [question.seq]: { from, on } }))
      void room.send('vote', { target: question.seq, on })
    },
    [room],
  )
  /** How many votes it has, with mine as it is saved, or as it is still asked for (`pending`). */
  const count = (question: Question, saved: boolean, pending: boolean | undefined): number => {
    const told = view === null ? question.votes : votesOf(question, view, digest)
    const echo = echoes[question.seq]
    const asked = pending !== undefined && pending !== saved
    const uncounted = asked || (echo !== undefined && echo.from === told && echo.on === saved)
    return uncounted ? Math.max(0, told + ((pending ?? saved) ? 1 : -1)) : told
  }
  return { vote, count }
}
