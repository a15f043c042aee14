import { useEffect } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import type { api, chat, CommandsOf, InputOf } from '@plenary/kinds'
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

/** Tells of every refused command that is no post, and lets it go: there is nothing of the user's in it to keep. */
export function useRefusals(room: ChatRoom, pending: ChatSnapshot['pending']): void {
  const { toast } = useSpeech()
  useEffect(() => {
    for (const command of pending) {
      if (command.type === 'post' || command.state !== 'refused') continue
      toast(command.failure?.message ?? 'That was refused.')
      room.discard(command.id)
    }
  }, [room, pending, toast])
}
