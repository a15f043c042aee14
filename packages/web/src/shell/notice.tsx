import styles from './notice.module.css'
import type { ReactNode } from 'react'

interface NoticeProps {
  title: string
  children?: ReactNode
  /** What to do about it. */
  actions?: ReactNode
  icon?: ReactNode
}

/** A whole page that says one thing: not found, ended, removed, failed. */
export function Notice({ title, children, actions, icon }: NoticeProps) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        {icon ? <div className={styles.icon}>{icon}</div> : null}
        <h1 className={styles.title}>{title}</h1>
        {children ? <div className={styles.text}>{children}</div> : null}
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
    </main>
  )
}
