import { useEffect, useState } from 'react'
import { useEventRoot } from '../event/session-context.ts'

/** The server's wall clock in milliseconds, told again every `everyMs`. */
export function useServerNow(everyMs: number): number {
  const session = useEventRoot()
  const [now, setNow] = useState(() => session.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(session.now()), everyMs)
    return () => clearInterval(timer)
  }, [session, everyMs])
  return now
}
