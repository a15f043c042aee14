import { polls, questions, stage } from '@plenary/kinds/client'
import { useMemo } from 'react'
import { useChatRoom } from './use-chat-room.ts'
import { useKindRoom } from './use-kind-room.ts'
import type { Room, Session } from '@plenary/client'
import type { ChatRoom } from '../chat/chat-room.ts'
import type { PollsRoom } from '../polls/polls-room.ts'
import type { QuestionsRoom } from '../questions/questions-room.ts'

export type StageRoom = Room<typeof stage>

/** The rooms that the play page shows, as far as the event has them. */
export interface PlayRooms {
  stage: StageRoom | null
  chat: ChatRoom | null
  questions: QuestionsRoom | null
  polls: PollsRoom | null
}

/** The first room of each kind. */
export function usePlayRooms(session: Session): PlayRooms {
  const onStage = useKindRoom(session, stage)
  const chat = useChatRoom(session)
  const asked = useKindRoom(session, questions)
  const voted = useKindRoom(session, polls)
  return useMemo(() => ({ stage: onStage, chat, questions: asked, polls: voted }), [onStage, chat, asked, voted])
}
