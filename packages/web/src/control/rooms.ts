import { useEventRoot } from '../event/session-context.ts'
import { useKindRoom } from '../event/use-kind-room.ts'
import type { Room } from '@plenary/client'
import type { AnyKind, chat, polls, questions, Role, stage } from '@plenary/kinds'

export type StageRoom = Room<typeof stage>
export type PollsRoom = Room<typeof polls>
export type QuestionsRoom = Room<typeof questions>
export type ChatRoom = Room<typeof chat>

/** The room of a kind in the event whose page this is; null when it has none. */
export function useRoomOf<K extends AnyKind>(kind: K): Room<K> | null {
  return useKindRoom(useEventRoot(), kind)
}

/** Whether the kind's own table lets this role ask for that. */
export function may(kind: Pick<AnyKind, 'commands'>, type: string, role: Role): boolean {
  return kind.commands[type]?.allow.includes(role) ?? false
}
