import { useMemo } from 'react'
import { failureText } from '../../shell/failure-text.ts'
import { useSpeech } from '../../shell/announcer.tsx'
import type { DocumentRoom } from '@plenary/client/yjs'
import type { CommandId, UserId } from '@plenary/kinds'
import type { Anchor, ThreadId } from '@plenary/kinds/document'

/** What can be done with comments. Each tells when it is refused; those with text reject, so that the text stays in its field. */
export interface CommentActs {
  begin(anchor: Anchor | null, quote: string, text: string, mentions: UserId[]): Promise<string>
  reply(thread: ThreadId, text: string, mentions: UserId[]): Promise<void>
  edit(thread: ThreadId, comment: CommandId, text: string, mentions: UserId[]): Promise<void>
  remove(thread: ThreadId, comment: CommandId): void
  resolve(thread: ThreadId): void
  reopen(thread: ThreadId): void
}

export function useCommentActs(room: DocumentRoom): CommentActs {
  const { toast } = useSpeech()
  return useMemo(() => {
    const told = async <T>(sent: Promise<T>): Promise<T> => {
      try {
        return await sent
      } catch (error) {
        toast(failureText(error))
        throw error
      }
    }
    const quietly = (sent: Promise<unknown>) => void told(sent).catch(() => undefined)
    return {
      begin: async (anchor, quote, text, mentions) => {
        const before = new Set(room.snapshot.view?.threads.map(({ id }) => id))
        await told(room.send('comment', { anchor, quote, text, mentions }))
        return (
          room.snapshot.view?.threads.findLast(
            ({ id, comments }) => !before.has(id) && comments[0]?.by.id === room.me.id,
          )?.id ?? ''
        )
      },
      reply: async (thread, text, mentions) => void (await told(room.send('reply', { thread, text, mentions }))),
      edit: async (thread, comment, text, mentions) =>
        void (await told(room.send('editComment', { thread, comment, text, mentions }))),
      remove: (thread, comment) => quietly(room.send('deleteComment', { thread, comment })),
      resolve: (thread) => quietly(room.send('resolve', { thread })),
      reopen: (thread) => quietly(room.send('reopen', { thread })),
    }
  }, [room, toast])
}
