import { useEffect } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import type { PlayRooms } from './play-rooms.ts'

/** Tells screen readers what happens elsewhere on the page: that a poll opens or is revealed, that a question is being answered. */
export function useTidings({ polls, questions }: PlayRooms): void {
  const { announce } = useSpeech()
  useEffect(() => {
    const ends = [
      polls?.onEntry((entry) => {
        const { type, body } = entry as { type: string; body: { poll?: unknown } }
        if (type === 'open') announce(`A poll is open: ${(body.poll as { title: string }).title}`)
        if (type !== 'reveal') return
        const poll = polls.snapshot.view?.polls.find(({ id }) => id === body.poll)
        if (poll) announce(`The results are there: ${poll.title}`)
      }),
      questions?.onEntry((entry) => {
        const { type, body } = entry as { type: string; body: { target?: unknown; as?: unknown } }
        if (type !== 'mark' || body.as !== 'live') return
        const question = questions.snapshot.view?.questions.find(({ seq }) => seq === body.target)
        if (question) announce(`Being answered now: ${question.text}`)
      }),
    ]
    return () => {
      for (const end of ends) end?.()
    }
  }, [polls, questions, announce])
}
