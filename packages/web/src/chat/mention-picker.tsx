import { Avatar } from './avatar.tsx'
import styles from './composer.module.css'
import type { Candidate } from './mention.ts'

interface MentionPickerProps {
  offers: readonly Candidate[]
  active: number
  onPick(candidate: Candidate): void
}

/** People to mention; steered from the field, which keeps the focus. */
export function MentionPicker({ offers, active, onPick }: MentionPickerProps) {
  return (
    <ul id="mention-picker" className={styles.picker} role="listbox" aria-label="People to mention">
      {offers.map((candidate, index) => (
        <li
          key={candidate.id}
          id={`mention-${index}`}
          role="option"
          aria-selected={index === active}
          className={styles.option}
          onPointerDown={(event) => {
            // The field must not lose the focus, or the phone's keyboard would go.
            event.preventDefault()
            onPick(candidate)
          }}
        >
          <Avatar id={candidate.id} name={candidate.name} small />
          {candidate.name}
        </li>
      ))}
    </ul>
  )
}
