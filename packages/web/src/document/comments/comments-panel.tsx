import { useState } from 'react'
import { CommentField } from './comment-field.tsx'
import { ThreadCard } from './thread-card.tsx'
import styles from './comments.module.css'
import type { Anchor, Thread } from '@plenary/kinds/document'
import type { UserId } from '@plenary/kinds'
import type { Candidate } from '../../chat/mention.ts'
import type { CommentActs } from './comment-acts.ts'

/** A comment that is being begun: about a selection, or about the whole document. */
export interface Draft {
  anchor: Anchor | null
  quote: string
}

interface CommentsPanelProps {
  threads: readonly Thread[]
  /** Where each stands in the text, to be listed in that order. */
  placeOf(thread: Thread): number | null
  active: string | null
  draft: Draft | null
  me: string
  staff: boolean
  acts: CommentActs | null
  people: readonly Candidate[]
  onActive(thread: string | null): void
  onDraft(draft: Draft | null): void
}

/** All comments beside the text, in its order. */
export function CommentsPanel(props: CommentsPanelProps) {
  const { threads, placeOf, active, draft, me, staff, acts, people, onActive, onDraft } = props
  const [settled, setSettled] = useState(false)
  const open = threads.filter(({ resolved }) => resolved === null)
  const resolved = threads.filter((thread) => thread.resolved !== null)
  const shown = (settled ? resolved : open)
    .map((thread) => ({ thread, at: placeOf(thread) ?? Number.MAX_SAFE_INTEGER }))
    .toSorted((one, other) => one.at - other.at)
  const send = async (text: string, mentions: UserId[]) => {
    if (draft === null || acts === null) return
    const thread = await acts.begin(draft.anchor, draft.quote, text, mentions)
    onDraft(null)
    onActive(thread)
  }
  return (
    <section className={styles.panel} aria-label="Comments">
      <div className={styles.tabs} role="tablist" aria-label="Which comments">
        <button type="button" role="tab" aria-selected={!settled} onClick={() => setSettled(false)}>
          Open {open.length > 0 ? open.length : ''}
        </button>
        <button type="button" role="tab" aria-selected={settled} onClick={() => setSettled(true)}>
          Resolved {resolved.length > 0 ? resolved.length : ''}
        </button>
      </div>
      {draft !== null && acts !== null ? (
        <div className={styles.thread} data-active>
          {draft.quote === '' ? null : <p className={styles.quote}>{draft.quote}</p>}
          <CommentField
            label="Comment"
            action="Comment"
            focus
            people={people}
            onSend={send}
            onCancel={() => onDraft(null)}
          />
        </div>
      ) : null}
      {shown.map(({ thread }) => (
        <ThreadCard
          key={thread.id}
          thread={thread}
          me={me}
          staff={staff}
          active={thread.id === active}
          acts={acts}
          people={people}
          onOpen={() => onActive(thread.id)}
        />
      ))}
      {shown.length === 0 && draft === null ? (
        <p className={styles.none}>
          {settled
            ? 'Nothing has been resolved yet.'
            : acts === null
              ? 'There are no comments.'
              : 'Select some text and press the comment button, or comment on the whole document.'}
        </p>
      ) : null}
      {acts !== null && !settled && draft === null ? (
        <button type="button" className={styles.whole} onClick={() => onDraft({ anchor: null, quote: '' })}>
          Comment on the whole document
        </button>
      ) : null}
    </section>
  )
}
