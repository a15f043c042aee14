import { useEventRoot } from '../event/session-context.ts'
import { useKindRoom } from '../event/use-kind-room.ts'
import type { Room } from '@plenary/client'
import type { AnyClientKind } from '@plenary/kinds'
import type { chat, polls, questions, stage } from '@plenary/kinds/client'

export type StageRoom = Room<typeof stage>
export type PollsRoom = Room<typeof polls>
export type QuestionsRoom = Room<typeof questions>
export type ChatRoom = Room<typeof chat>

/** The room of a kind in the event whose page this is; null when it has none. */
export function useRoomOf<K extends AnyClientKind>(kind: K): Room<K> | null {
  return useKindRoom(useEventRoot(), kind)
}
