import { useMemo } from 'react'
import type { Room, Session } from '@plenary/client'
import type { AnyClientKind } from '@plenary/kinds'

/** The event's first room of a kind; null when it has none. The session keeps it, so it is the same room on every page of the event. */
export function useKindRoom<K extends AnyClientKind>(session: Session, kind: K): Room<K> | null {
  const id = session.event.rooms.find((room) => room.kind === kind.name)?.id
  return useMemo(() => (id === undefined ? null : session.room(kind, id)), [session, kind, id])
}
