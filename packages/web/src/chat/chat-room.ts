import type { api, CommandsOf, InputOf } from '@plenary/kinds'
import type { chat } from '@plenary/kinds/client'
import type { PendingCommand, Room, RoomSnapshot } from '@plenary/client'

export type { ChatMine, ChatView, HeldMessage, Message } from '@plenary/kinds'
export type Me = api.Me
export type ChatRoom = Room<typeof chat>
export type ChatSnapshot = RoomSnapshot<typeof chat>

/** A post of mine that is not in the log yet, or never will be. */
export interface PendingPost {
  id: string
  at: number
  state: PendingCommand['state']
  text: string
  mentions: readonly string[]
  /** Why it was refused. */
  reason?: string
}

type PostBody = InputOf<CommandsOf<typeof chat>['post']>

/** Of what is pending, the posts, oldest first. */
export function pendingPosts(pending: ChatSnapshot['pending']): PendingPost[] {
  return pending
    .filter((command) => command.type === 'post')
    .map((command) => {
      const body = command.body as PostBody
      return {
        id: command.id,
        at: command.at,
        state: command.state,
        text: body.text,
        mentions: body.mentions ?? [],
        ...(command.failure ? { reason: command.failure.message } : {}),
      }
    })
}
