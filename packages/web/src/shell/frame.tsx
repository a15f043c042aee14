import { Link } from '@tanstack/react-router'
import { IconUserCircle } from '@tabler/icons-react'
import { Suspense, lazy } from 'react'
import { LinkButton } from './link-button.tsx'
import { Mark } from './mark.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'
import styles from './frame.module.css'
import type { ReactNode } from 'react'

/** Only pages of accounts have use for it, and it brings a connection of its own. */
const InboxBell = lazy(async () => ({ default: (await import('../inbox/inbox-bell.tsx')).InboxBell }))

/** Header, main and footer of the quiet pages: home, account, settings. */
export function Frame({
  children,
  footer,
  account = true,
}: {
  children: ReactNode
  footer?: ReactNode
  account?: boolean
}) {
  return (
    <div className={styles.frame}>
      <header className={styles.header}>
        <Link to="/" className={styles.brand} aria-label="Plenary, start">
          <Mark />
          <span>Plenary</span>
        </Link>
        <div className={styles.tools}>
          <Suspense fallback={null}>
            <InboxBell />
          </Suspense>
          <SchemeSwitch />
          {account ? (
            <LinkButton to="/account" variant="subtle" leftSection={<IconUserCircle size={20} stroke={1.75} />}>
              Account
            </LinkButton>
          ) : null}
        </div>
      </header>
      <main className={styles.main}>{children}</main>
      {footer ? <footer className={styles.footer}>{footer}</footer> : null}
    </div>
  )
}
