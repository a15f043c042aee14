import { useMemo } from 'react'
import { useEventRoot } from '../event/session-context.ts'
import type { Room } from '@plenary/client'
import type { AnyKind, chat, polls, questions, Role, stage } from '@plenary/kinds'

export type StageRoom = Room<typeof stage>
export type PollsRoom = Room<typeof polls>
export type QuestionsRoom = Room<typeof questions>
export type ChatRoom = Room<typeof chat>

/** The event's first room of a kind; null when it has none. The session keeps it, so it is the same room on every page. */
export function useRoomOf<K extends AnyKind>(kind: K): Room<K> | null {
  const session = useEventRoot()
  const id = session.event.rooms.find((room) => room.kind === kind.name)?.id
  return useMemo(() => (id === undefined ? null : session.room(kind, id)), [session, kind, id])
}

/** Whether the kind's own table lets this role ask for that. */
export function may(kind: Pick<AnyKind, 'commands'>, type: string, role: Role): boolean {
  return kind.commands[type]?.allow.includes(role) ?? false
}
