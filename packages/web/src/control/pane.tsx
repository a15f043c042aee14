import { useRef } from 'react'
import styles from './control.module.css'
import type { KeyboardEvent, ReactNode } from 'react'

/** One part of the control room. */
export interface PanelOf {
  id: string
  title: string
  /** Beside the title. */
  badge?: ReactNode
  tools?: ReactNode
  body: ReactNode
}

interface PaneProps {
  panels: readonly PanelOf[]
  /** The key that leads to a panel. */
  digits(id: string): number
  open: string
  onOpen(id: string): void
}

/** One place of the screen: a panel, or several that take turns under tabs. */
export function Pane({ panels, digits, open, onOpen }: PaneProps) {
  const list = useRef<HTMLDivElement>(null)
  const shown = panels.find(({ id }) => id === open) ?? panels[0]
  if (shown === undefined) return null
  const single = panels.length === 1
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = panels.indexOf(shown)
    const next = panels[(at + step + panels.length) % panels.length]
    if (next === undefined) return
    onOpen(next.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <section className={styles.pane} aria-label={single ? shown.title : panels.map(({ title }) => title).join(', ')}>
      <header className={styles.head}>
        {single ? (
          <h2>
            <kbd aria-hidden="true">{digits(shown.id)}</kbd>
            {shown.title}
            {shown.badge}
          </h2>
        ) : (
          <div ref={list} className={styles.tabs} role="tablist" tabIndex={-1} aria-label="Panels" onKeyDown={press}>
            {panels.map(({ id, title, badge }) => (
              <button
                key={id}
                type="button"
                role="tab"
                id={`tab-${id}`}
                data-tab={id}
                aria-selected={id === shown.id}
                aria-controls={`pane-${id}`}
                tabIndex={id === shown.id ? 0 : -1}
                onClick={() => onOpen(id)}
              >
                <kbd aria-hidden="true">{digits(id)}</kbd>
                {title}
                {badge}
              </button>
            ))}
          </div>
        )}
        {shown.tools}
      </header>
      <div
        className={styles.body}
        id={`pane-${shown.id}`}
        {...(single ? {} : { role: 'tabpanel', 'aria-labelledby': `tab-${shown.id}` })}
      >
        {shown.body}
      </div>
    </section>
  )
}
