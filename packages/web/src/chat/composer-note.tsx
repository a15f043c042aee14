import { CloseButton } from '@mantine/core'
import { IconArrowBackUp, IconHourglass, IconLock, IconPencil } from '@tabler/icons-react'
import styles from './composer.module.css'
import type { Intent } from './intent.ts'

interface ComposerNoteProps {
  intent: Intent
  barred: string | null
  hint: string | null
  onCancel(): void
}

/** The line above the field: what is being answered or edited, or why nothing can be sent. */
export function ComposerNote({ intent, barred, hint, onCancel }: ComposerNoteProps) {
  if (intent.kind === 'edit')
    return (
      <div className={styles.note}>
        <IconPencil size={16} aria-hidden="true" />
        <span className={styles.noteText}>Editing your message</span>
        <CloseButton size={44} aria-label="Stop editing" onClick={onCancel} />
      </div>
    )
  if (barred !== null)
    return (
      <div className={styles.note} data-barred role="note">
        <IconLock size={16} aria-hidden="true" />
        <span className={styles.noteText}>{barred}</span>
      </div>
    )
  if (intent.kind === 'reply')
    return (
      <div className={styles.note}>
        <IconArrowBackUp size={16} aria-hidden="true" />
        <span className={styles.noteText}>
          Replying to <strong>{intent.to.by.name}</strong> {intent.to.text}
        </span>
        <CloseButton size={44} aria-label="Stop replying" onClick={onCancel} />
      </div>
    )
  if (hint !== null)
    return (
      <div className={styles.note} role="note">
        <IconHourglass size={16} aria-hidden="true" />
        <span className={styles.noteText}>{hint}</span>
      </div>
    )
  return null
}
