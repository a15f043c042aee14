import styles from './document.module.css'
import type { OutlineItem } from './text-facts.ts'

/** The headings of the text, to go to. */
export function Outline({ items, onShow }: { items: readonly OutlineItem[]; onShow(at: number): void }) {
  return (
    <nav className={styles.outline} aria-label="Outline">
      <h2>Outline</h2>
      {items.length === 0 ? <p className={styles.empty}>Headings will be listed here.</p> : null}
      <ol>
        {items.map(({ at, level, text }) => (
          <li key={at} data-level={Math.min(level, 3)}>
            <button type="button" onClick={() => onShow(at)}>
              {text}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
