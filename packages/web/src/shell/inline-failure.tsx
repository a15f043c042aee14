import { IconAlertTriangle } from '@tabler/icons-react'
import { failureText } from './failure-text.ts'
import styles from './inline-failure.module.css'
import type { ReactNode } from 'react'

/** What went wrong, in place, told at once; `children` is what to do about it. */
export function InlineFailure({ error, children }: { error: unknown; children?: ReactNode }) {
  return (
    <div className={styles.failure} role="alert">
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden="true" />
      <p>{failureText(error)}</p>
      {children}
    </div>
  )
}
