import styles from './button.module.css'
import type { ReactNode } from 'react'

/** Sends its form. */
export function SaveButton({ busy, children }: { busy: boolean; children: ReactNode }) {
  return (
    <button type="submit" className={styles.button} data-kind="strong" disabled={busy}>
      {children}
    </button>
  )
}
