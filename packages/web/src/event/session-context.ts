import { useSession } from '@plenary/client/react'
import { createContext, use } from 'react'
import type { Session, Status } from '@plenary/client'
import type { api } from '@plenary/kinds'

/** What the organiser changed just now; the session itself hears of it with its next ticket. */
export interface Edited {
  /** The event as the session had it when the change was made. */
  over: api.EventInfo
  event: api.EventInfo
}

export interface EventRoot {
  session: Session
  edited: Edited | null
  setEdited(edited: Edited): void
}

export const EventRootContext = createContext<EventRoot | null>(null)

function useRoot(): EventRoot {
  const root = use(EventRootContext)
  if (!root) throw new Error('There is no session here: this belongs under an event page.')
  return root
}

/** The session of the event whose page this is. Throws outside an event's pages. */
export function useEventRoot(): Session {
  return useRoot().session
}

interface EventNow {
  event: api.EventInfo
  me: api.Me
  status: Status
  /** Shows a change that the server has just confirmed. */
  edit(event: api.EventInfo): void
}

/** The event, oneself in it and the connection, as they are now. */
export function useEventNow(): EventNow {
  const { session, edited, setEdited } = useRoot()
  const { event, me, status } = useSession(session)
  return {
    event: edited?.over === event ? edited.event : event,
    me,
    status,
    edit: (changed) => setEdited({ over: event, event: changed }),
  }
}
