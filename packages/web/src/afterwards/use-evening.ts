import { chat, polls, questions, stage, type AnyKind, type Entry } from '@plenary/kinds'
import { useEffect, useState } from 'react'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { loadLog } from './load-log.ts'
import { Replay } from './replay.ts'
import { marksOf, spansOf, type Mark, type Span } from './track.ts'

/** The whole evening: each room's log as everyone saw it. */
export interface Evening {
  from: number
  to: number
  stage: Replay<typeof stage>
  chat: Replay<typeof chat>
  questions: Replay<typeof questions>
  polls: Replay<typeof polls>
  spans: readonly Span[]
  marks: readonly Mark[]
  messages: readonly Entry[]
  /** A room had more than is looked through. */
  cut: boolean
}

export type Loading =
  | { state: 'loading' }
  | { state: 'failed'; error: unknown }
  | { state: 'empty' }
  | { state: 'there'; evening: Evening }

/** Reads all four logs once, and again when asked. */
export function useEvening(): { loading: Loading; again(): void } {
  const session = useEventRoot()
  const { event, me } = useEventNow()
  const [loading, setLoading] = useState<Loading>({ state: 'loading' })
  const [attempt, setAttempt] = useState(0)
  const [rooms] = useState(() => event.rooms)
  useEffect(() => {
    const gone = new AbortController()
    const log = async (kind: AnyKind) => {
      const room = rooms.find((one) => one.kind === kind.name)
      return room === undefined ? { entries: [], cut: false } : await loadLog(session, room.id, gone.signal)
    }
    Promise.all([log(stage), log(chat), log(questions), log(polls)]).then(
      (logs) => gone.signal.aborted || setLoading(put(logs)),
      (error: unknown) => gone.signal.aborted || setLoading({ state: 'failed', error }),
    )
    return () => gone.abort()

    function put([onStage, said, asked, polled]: Awaited<ReturnType<typeof log>>[]): Loading {
      const [a = [], b = [], c = [], d = []] = [onStage, said, asked, polled].map((one) => one?.entries ?? [])
      const replays = {
        stage: new Replay(stage, a, me.id),
        chat: new Replay(chat, b, me.id),
        questions: new Replay(questions, c, me.id),
        polls: new Replay(polls, d, me.id),
      }
      const firsts = Object.values(replays).flatMap(({ first }) => first ?? [])
      const lasts = Object.values(replays).flatMap(({ last }) => last ?? [])
      if (firsts.length === 0) return { state: 'empty' }
      const [from, to] = [Math.min(...firsts), Math.max(...lasts)]
      return {
        state: 'there',
        evening: {
          ...replays,
          from,
          to,
          spans: spansOf(a, to),
          marks: marksOf(d, c),
          messages: b,
          cut: [onStage, said, asked, polled].some((one) => one?.cut),
        },
      }
    }
  }, [session, rooms, me.id, attempt])
  return {
    loading,
    again() {
      setLoading({ state: 'loading' })
      setAttempt((count) => count + 1)
    },
  }
}
