import { useSyncExternalStore } from 'react'
import type { Session, SessionSnapshot } from '../session.ts'

/** The session's status, person and event as they are now; does not render for what happens inside rooms. */
export function useSession(session: Session): SessionSnapshot {
  return useSyncExternalStore(session.subscribe, () => session.snapshot)
}
