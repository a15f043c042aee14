import type { UserId } from '../ids.ts'
import type { Actor, Draft, Refusal } from '../kind.ts'
import { audienceOf } from '../roles.ts'
import type { DocumentCommand } from './commands.ts'
import { DOCUMENT_LIMITS, type Comment, type DocumentBodies, type Thread } from './model.ts'

type Own = Draft<DocumentBodies>
type CommentCommand = Extract<
  DocumentCommand,
  { type: 'comment' | 'reply' | 'editComment' | 'deleteComment' | 'resolve' | 'reopen' }
>

function no(refused: string, message: string): Refusal {
  return { refused, message }
}

const NO_THREAD = no('no_comment', 'That comment is not there any more.')
const FULL = no('comments_full', 'This document holds no more comments. Delete some that are settled.')

/** What a document says to a command about its comments, of somebody who may comment; null for nothing to do. */
export function decideOnComments(
  threads: readonly Thread[],
  command: CommentCommand,
  by: Actor,
): Own | Own[] | Refusal | null {
  if (command.type === 'comment') {
    const { anchor, quote, text, mentions } = command.body
    if (threads.length >= DOCUMENT_LIMITS.threads || isFull(threads, text.length + quote.length)) return FULL
    return { type: 'comment', body: { anchor, quote, text, mentions: unique(mentions) } }
  }
  const thread = threads.find(({ id }) => id === command.body.thread)
  if (thread === undefined) return NO_THREAD
  switch (command.type) {
    case 'reply': {
      const { text, mentions } = command.body
      if (isFull(threads, text.length)) return FULL
      return {
        type: 'reply',
        body: { thread: thread.id, text, mentions: unique(mentions), others: othersIn(thread, by) },
      }
    }
    case 'resolve':
      return thread.resolved === null ? { type: 'resolve', body: { thread: thread.id } } : null
    case 'reopen':
      return thread.resolved === null ? null : { type: 'reopen', body: { thread: thread.id } }
    case 'editComment': {
      const comment = thread.comments.find(({ id }) => id === command.body.comment)
      if (comment === undefined) return NO_THREAD
      if (comment.by.id !== by.id) return no('not_author', 'Only its author can change a comment.')
      const { text } = command.body
      const mentions = unique(command.body.mentions)
      if (comment.text === text && comment.mentions.join() === mentions.join()) return null
      if (text.length > comment.text.length && isFull(threads, text.length - comment.text.length)) return FULL
      const { id, seq: target } = comment
      const mentioned = mentions.filter((user) => !comment.mentions.includes(user))
      return { type: 'editComment', body: { thread: thread.id, comment: id, target, text, mentions, mentioned } }
    }
    case 'deleteComment': {
      const comment = thread.comments.find(({ id }) => id === command.body.comment)
      if (comment === undefined) return null
      if (!mayDelete(thread, comment, by))
        return no('not_author', 'Only its author and those who run this can delete a comment.')
      // With the first goes the thread: each of the others by an entry of its own, so that history serves the words of none.
      const gone = thread.comments[0]?.id === comment.id ? thread.comments.toReversed() : [comment]
      return gone.map(({ id, seq: target }) => ({
        type: 'deleteComment',
        body: { thread: thread.id, comment: id, target },
      }))
    }
  }
}

/** The newest of those who took part. */
function othersIn({ comments }: Thread, by: Actor): UserId[] {
  const others = comments.map((comment) => comment.by.id).filter((user) => user !== by.id)
  return unique(others.toReversed()).slice(0, DOCUMENT_LIMITS.mentions)
}

/** One's own, as long as that takes no words of others with it; staff any. */
function mayDelete(thread: Thread, comment: Comment, by: Actor): boolean {
  if (by.role !== 'system' && audienceOf(by.role) === 'staff') return true
  const begins = thread.comments[0]?.id === comment.id
  return comment.by.id === by.id && (!begins || thread.comments.every((other) => other.by.id === by.id))
}

function isFull(threads: readonly Thread[], moreChars: number): boolean {
  let comments = 0
  let chars = moreChars
  for (const thread of threads) {
    comments += thread.comments.length
    chars += thread.quote.length
    for (const { text } of thread.comments) chars += text.length
  }
  return comments >= DOCUMENT_LIMITS.comments || chars > DOCUMENT_LIMITS.commentsChars
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)]
}
