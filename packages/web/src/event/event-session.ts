import { isCode, PlenaryError } from '@plenary/kinds'
import { useCallback, useEffect, useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { forget, recall, remember, rememberName } from '../shell/known-events.ts'
import { peekAt } from './peek.ts'
import type { Session } from '@plenary/client'

type Peek = Awaited<ReturnType<typeof peekAt>>

/** How far this device has come into an event. */
export type Entrance =
  | { step: 'looking' }
  /** Not in yet: the title is known, a name is wanted. */
  | { step: 'outside'; peek: Peek }
  | { step: 'inside'; session: Session }
  | { step: 'failed'; error: unknown }

/** Refusals that mean "this device is not in the event", and not "try later". */
const NOT_IN = new Set(['unauthorized', 'forbidden', 'not_found'])

/**
 * Opens the event behind a code: straight in when this device has been there, to the door otherwise. The session is closed
 * when the calling component goes.
 */
export function useEventSession(code: string): {
  entrance: Entrance
  join(name: string): Promise<void>
  again(): void
} {
  const client = useClient()
  const [entrance, setEntrance] = useState<Entrance>({ step: 'looking' })
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let gone = false
    const show = (next: Entrance) => {
      if (gone) return
      setEntrance(next)
    }
    const enter = async (): Promise<void> => {
      show({ step: 'looking' })
      const known = recall(code)
      if (known && client.pass() !== null) {
        try {
          const session = await client.open(known.id)
          if (gone) session.close()
          show({ step: 'inside', session })
          return
        } catch (error) {
          // An ended event says so on its own page; a pass that no longer fits sends its holder to the door.
          if (!(error instanceof PlenaryError) || !NOT_IN.has(error.code) || error.reason === 'banned') throw error
          forget(known.id)
        }
      }
      if (!isCode(code)) throw new PlenaryError('not_found', 'There is no event with this code.')
      show({ step: 'outside', peek: await peekAt(client, code) })
    }
    enter().catch((error: unknown) => show({ step: 'failed', error }))
    return () => {
      gone = true
    }
  }, [client, code, attempt])

  const session = entrance.step === 'inside' ? entrance.session : null
  useEffect(() => {
    if (!session) return
    remember(session.event)
    const stop = session.subscribe(() => {
      const known = recall(session.event.code)
      if (known?.title !== session.event.title) remember(session.event)
    })
    return () => {
      stop()
      session.close()
    }
  }, [session])

  const join = useCallback(
    async (name: string) => {
      const joined = await client.join({ code, name })
      rememberName(name)
      remember(joined.event)
      setEntrance({ step: 'inside', session: joined })
    },
    [client, code],
  )
  const again = useCallback(() => setAttempt((count) => count + 1), [])
  return { entrance, join, again }
}
