import { Children, useRef, useState } from 'react'
import { Virtualizer } from 'virtua'
import styles from './questions.module.css'
import type { ReactNode } from 'react'

const NOTHING: readonly number[] = []

/** The list of questions; only what is in sight is in the page, and what has the keyboard. */
export function QuestionList({ children }: { children: ReactNode[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<number | null>(null)
  const rows = Children.toArray(children)
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      onFocus={(event) => {
        const index = event.target.closest('[data-index]')?.getAttribute('data-index')
        setFocused(index == null ? null : Number(index))
      }}
    >
      <Virtualizer
        scrollRef={scroller}
        keepMounted={focused !== null && focused < rows.length ? [focused] : NOTHING}
        itemSize={132}
      >
        {rows.map((row, index) => (
          // A row keeps its key, so that a card that moves is the same card.
          <div key={(row as { key?: string }).key ?? index} data-index={index} className={styles.row}>
            {row}
          </div>
        ))}
      </Virtualizer>
    </div>
  )
}
