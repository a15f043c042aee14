import { IconSpeakerphone } from '@tabler/icons-react'
import styles from './announcement.module.css'

/** What the hosts want everybody to see now. Always in the page, so that a new one is read out. */
export function Announcement({ text }: { text: string | null }) {
  return (
    <div className={styles.place} role="status" aria-label="Announcement">
      {text === null ? null : (
        <p key={text} className={styles.announcement}>
          <IconSpeakerphone size={22} stroke={1.75} aria-hidden="true" />
          <span dir="auto">{text}</span>
        </p>
      )}
    </div>
  )
}
