import { ActionIcon, Button } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconPencil, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Avatar } from '../../chat/avatar.tsx'
import { fullText } from '../../chat/times.ts'
import { whenText } from '../when-text.ts'
import { CommentField } from './comment-field.tsx'
import styles from './comments.module.css'
import type { Comment, Thread } from '@plenary/kinds/document'
import type { Candidate } from '../../chat/mention.ts'
import type { CommentActs } from './comment-acts.ts'

interface ThreadCardProps {
  thread: Thread
  me: string
  staff: boolean
  active: boolean
  /** Null where one may only read. */
  acts: CommentActs | null
  people: readonly Candidate[]
  onOpen(): void
}

/** One conversation beside the text: what it is about, what was said, and what can be done. */
export function ThreadCard({ thread, me, staff, active, acts, people, onOpen }: ThreadCardProps) {
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (active) card.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }, [active])
  const [first] = thread.comments
  return (
    <article
      ref={card}
      className={styles.thread}
      data-active={active || undefined}
      data-resolved={thread.resolved !== null || undefined}
      aria-label={`Comment by ${first?.by.name ?? 'somebody'}`}
    >
      {thread.quote === '' ? null : (
        <button type="button" className={styles.quote} onClick={onOpen}>
          <span className={styles.hidden}>Show in the text: </span>
          {thread.quote}
        </button>
      )}
      {thread.comments.map((comment) => (
        <CommentRow
          key={comment.id}
          comment={comment}
          acts={
            acts === null ? null : { ...acts, mayEdit: comment.by.id === me, mayDelete: comment.by.id === me || staff }
          }
          thread={thread}
          people={people}
        />
      ))}
      {thread.resolved === null ? null : <p className={styles.resolved}>Resolved by {thread.resolved.by.name}</p>}
      {acts === null ? null : (
        <>
          {thread.resolved === null && active ? (
            <CommentField
              label="Reply"
              action="Reply"
              people={people}
              onSend={(text, mentions) => acts.reply(thread.id, text, mentions)}
            />
          ) : null}
          <div className={styles.acts}>
            {thread.resolved === null ? (
              <>
                {active ? null : (
                  <Button size="xs" variant="subtle" onClick={onOpen}>
                    Reply
                  </Button>
                )}
                <Button
                  size="xs"
                  variant="subtle"
                  leftSection={<IconCheck size={16} />}
                  onClick={() => acts.resolve(thread.id)}
                >
                  Resolve
                </Button>
              </>
            ) : (
              <Button
                size="xs"
                variant="subtle"
                leftSection={<IconArrowBackUp size={16} />}
                onClick={() => acts.reopen(thread.id)}
              >
                Reopen
              </Button>
            )}
          </div>
        </>
      )}
    </article>
  )
}

interface CommentRowProps {
  comment: Comment
  thread: Thread
  people: readonly Candidate[]
  acts: (CommentActs & { mayEdit: boolean; mayDelete: boolean }) | null
}

function CommentRow({ comment, thread, people, acts }: CommentRowProps) {
  const [editing, setEditing] = useState(false)
  const { by, at, text, editedAt } = comment
  return (
    <div className={styles.comment}>
      <div className={styles.who}>
        <Avatar id={by.id} name={by.name} small />
        <strong>{by.name}</strong>
        <time dateTime={new Date(at).toISOString()} title={fullText(at)}>
          {whenText(at)}
          {editedAt === null ? '' : ', edited'}
        </time>
        {acts?.mayEdit === true ? (
          <ActionIcon size={32} aria-label="Edit the comment" onClick={() => setEditing(true)}>
            <IconPencil size={16} stroke={1.75} />
          </ActionIcon>
        ) : null}
        {acts?.mayDelete === true ? (
          <ActionIcon size={32} aria-label="Delete the comment" onClick={() => acts.remove(thread.id, comment.id)}>
            <IconTrash size={16} stroke={1.75} />
          </ActionIcon>
        ) : null}
      </div>
      {editing && acts !== null ? (
        <CommentField
          label="Comment"
          action="Save"
          focus
          start={text}
          people={people}
          onSend={async (words, mentions) => {
            await acts.edit(thread.id, comment.id, words, mentions)
            setEditing(false)
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className={styles.words}>{text}</p>
      )}
    </div>
  )
}
