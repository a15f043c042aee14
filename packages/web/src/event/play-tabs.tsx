import { IconChartBar, IconMessageQuestion, IconMessages, IconUsers } from '@tabler/icons-react'
import { useRef } from 'react'
import styles from './tabs.module.css'
import type { Panel } from '@plenary/kinds'
import type { KeyboardEvent } from 'react'

const TABS: Partial<Record<Panel, { label: string; Icon: typeof IconUsers }>> = {
  chat: { label: 'Chat', Icon: IconMessages },
  questions: { label: 'Q&A', Icon: IconMessageQuestion },
  polls: { label: 'Polls', Icon: IconChartBar },
  people: { label: 'People', Icon: IconUsers },
}

interface PlayTabsProps {
  panels: readonly Panel[]
  shown: Panel | null
  /** Something waits there. */
  news: Partial<Record<Panel, boolean>>
  /** At the thumb, or above what they open. */
  at: 'bottom' | 'top'
  /** Panels that attendees do not have now; told to staff. */
  closed: readonly Panel[]
  onChoose(panel: Panel): void
}

/** Which panel is open. Arrow keys go along, as in any list of tabs. */
export function PlayTabs({ panels, shown, news, at, closed, onChoose }: PlayTabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const keys = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || shown === null) return
    event.preventDefault()
    const next = panels[(panels.indexOf(shown) + step + panels.length) % panels.length]
    if (next === undefined) return
    onChoose(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  return (
    <nav className={styles.nav} aria-label="Panels">
      <div ref={list} className={styles.tabs} role="tablist" aria-label="Panels" data-at={at}>
        {panels.map((panel) => {
          const tab = TABS[panel]
          if (!tab) return null
          const { label, Icon } = tab
          const selected = panel === shown
          return (
            <button
              key={panel}
              id={`tab-${panel}`}
              type="button"
              role="tab"
              className={styles.tab}
              aria-selected={selected}
              aria-controls={selected ? 'panel' : undefined}
              tabIndex={selected ? 0 : -1}
              onClick={() => onChoose(panel)}
              onKeyDown={keys}
            >
              <span className={styles.icon}>
                <Icon size={at === 'bottom' ? 24 : 20} stroke={1.75} aria-hidden="true" />
                {news[panel] && !selected ? <i className={styles.news} /> : null}
              </span>
              <span>
                {label}
                {news[panel] && !selected ? <span className={styles.hidden}>, something new</span> : null}
                {closed.includes(panel) ? <span className={styles.hidden}>, closed to attendees</span> : null}
              </span>
            </button>
          )
        })}
      </div>
    </nav>
  )
}
