import { Mark } from './mark.tsx'
import styles from './notice.module.css'

/** A page on its way. It shows itself only after a moment, so that a quick one does not flicker. */
export function PageLoading() {
  return (
    <div className={styles.loading} role="status" aria-label="Loading">
      <Mark size={48} />
    </div>
  )
}
