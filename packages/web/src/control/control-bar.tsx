import { Link } from '@tanstack/react-router'
import { IconArrowLeft, IconHistory, IconKeyboard, IconMoon, IconSettings, IconSun } from '@tabler/icons-react'
import { Spark } from './presence/presence-panel.tsx'
import { UndoBar, type useLastAct } from './undo-bar.tsx'
import styles from './control.module.css'
import type { ReactNode } from 'react'
import type { api } from '@plenary/kinds'
import type { usePresence } from './presence/use-presence.ts'

interface ControlBarProps {
  event: api.EventInfo
  me: api.Me
  presence: ReturnType<typeof usePresence>
  /** Leads to a twin of the event. */
  rehearse: ReactNode
  undo: ReturnType<typeof useLastAct>
  scheme: 'dark' | 'device'
  onScheme(to: 'dark' | 'device'): void
  onKeys(): void
}

/** Where one is, who is there, and what can be taken back. */
export function ControlBar({ event, me, presence, rehearse, undo, scheme, onScheme, onKeys }: ControlBarProps) {
  const dark = scheme === 'dark'
  return (
    <header className={styles.bar}>
      <Link
        to="/e/$code"
        params={{ code: event.code }}
        className={styles.icon}
        aria-label="To the event"
        title="To the event"
      >
        <IconArrowLeft size={20} stroke={1.75} aria-hidden="true" />
      </Link>
      <div className={styles.titles}>
        <h1>{event.title}</h1>
        <code data-testid="event-code">{event.code}</code>
      </div>
      <div className={styles.undo}>
        <UndoBar act={undo} />
      </div>
      <span className={styles.here} title="People here">
        <Spark samples={presence.samples} />
        <span>
          <strong>{presence.now.total}</strong> here
        </span>
      </span>
      <nav className={styles.tools} aria-label="Control room">
        {rehearse}
        <Link
          to="/e/$code/afterwards"
          params={{ code: event.code }}
          className={styles.icon}
          aria-label="Afterwards"
          title="Afterwards: the evening looked back on"
        >
          <IconHistory size={20} stroke={1.75} aria-hidden="true" />
        </Link>
        <button
          type="button"
          className={styles.icon}
          aria-label="Keys"
          aria-keyshortcuts="?"
          title="Keys (?)"
          onClick={onKeys}
        >
          <IconKeyboard size={20} stroke={1.75} aria-hidden="true" />
        </button>
        <button
          type="button"
          className={styles.icon}
          aria-label={dark ? 'Colours: dark' : 'Colours: as the device'}
          title={dark ? 'Colours: dark' : 'Colours: as the device'}
          onClick={() => onScheme(dark ? 'device' : 'dark')}
        >
          {dark ? (
            <IconMoon size={20} stroke={1.75} aria-hidden="true" />
          ) : (
            <IconSun size={20} stroke={1.75} aria-hidden="true" />
          )}
        </button>
        {me.role === 'moderator' ? null : (
          <Link
            to="/e/$code/settings"
            params={{ code: event.code }}
            className={styles.icon}
            aria-label="Settings"
            title="Settings"
          >
            <IconSettings size={20} stroke={1.75} aria-hidden="true" />
          </Link>
        )}
      </nav>
    </header>
  )
}
