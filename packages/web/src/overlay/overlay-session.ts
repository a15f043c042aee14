import { PlenaryError } from '@plenary/kinds'
import { useEffect, useState } from 'react'
import { failureText } from '../shell/failure-text.ts'
import { useClient } from '../shell/client-provider.tsx'
import type { Session } from '@plenary/client'

/** How long to wait before asking again while the server cannot be reached, in milliseconds. */
const AGAIN_MS = 3_000

interface OverlaySession {
  session: Session | null
  /** Why there will be none, in words. */
  problem: string | null
}

/** Watches the event that the key is for. On air nobody can press "try again": it does so by itself. */
export function useOverlaySession(key: string): OverlaySession {
  const client = useClient()
  const [now, setNow] = useState<OverlaySession>({ session: null, problem: null })
  useEffect(() => {
    let session: Session | null = null
    let timer: ReturnType<typeof setTimeout> | null = null
    let gone = false
    const open = () => {
      client.watch(key).then(
        (opened) => {
          session = opened
          if (gone) opened.close()
          else setNow({ session: opened, problem: null })
        },
        (error: unknown) => {
          if (gone) return
          const later = error instanceof PlenaryError && error.temporary
          if (later) timer = setTimeout(open, AGAIN_MS)
          else setNow({ session: null, problem: problemOf(error) })
        },
      )
    }
    open()
    return () => {
      gone = true
      if (timer !== null) clearTimeout(timer)
      session?.close()
    }
  }, [client, key])
  return now
}

function problemOf(error: unknown): string {
  const unknown = error instanceof PlenaryError && ['unauthorized', 'forbidden', 'not_found'].includes(error.code)
  return unknown
    ? 'This overlay’s address is not valid any more. The organiser can make a new one.'
    : failureText(error)
}
