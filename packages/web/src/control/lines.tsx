import { useId, useRef, useState } from 'react'
import { KeyButton } from './key-button.tsx'
import { isField, LINE_KEYS, pressed, type LineKey } from './keys.ts'
import styles from './lines.module.css'
import type { KeyboardEvent, ReactNode } from 'react'

/** What can be done with the chosen line. */
export interface LineAct<T> {
  does: LineKey
  label: string | ((item: T) => string)
  can?(item: T): boolean
  run(item: T): void
  kind?: 'strong' | 'danger'
}

export interface Section<T> {
  title: string
  items: readonly T[]
  /** It draws the eye: somebody waits. */
  urgent?: boolean
}

interface LinesProps<T> {
  label: string
  /** Where the room's digits lead to. */
  id: string
  sections: readonly Section<T>[]
  idOf(item: T): string
  renderLine(item: T): ReactNode
  acts: readonly LineAct<T>[]
  /** Double click and Enter. */
  enter?(item: T): void
  /** What more there is to do with the chosen line, beside the acts. */
  renderMore?(item: T): ReactNode
  empty: ReactNode
  /** The line to start with, where there is a better one than the first. */
  start?: string | undefined
}

/**
 * A list from which one line is chosen, and under it what can be done with that line. The choice holds on to its line
 * however the list moves; when the line goes, the one in its place is next, so that a queue is worked through with one key.
 */
export function Lines<T>({
  label,
  id,
  sections,
  idOf,
  renderLine,
  acts,
  enter,
  renderMore,
  empty,
  start,
}: LinesProps<T>) {
  const prefix = useId()
  const list = useRef<HTMLDivElement>(null)
  const items = sections.flatMap((section) => section.items)
  const [choice, setChoice] = useState<{ id: string; at: number } | null>(null)
  const wanted = choice?.id ?? start
  const found = items.findIndex((item) => idOf(item) === wanted)
  const at = found >= 0 ? found : Math.min(choice?.at ?? 0, items.length - 1)
  const chosen = items[at]
  if (chosen !== undefined && choice !== null && (choice.at !== at || choice.id !== idOf(chosen)))
    setChoice({ id: idOf(chosen), at })

  const choose = (to: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, to))]
    if (item === undefined) return
    setChoice({ id: idOf(item), at: items.indexOf(item) })
    document.getElementById(`${prefix}${idOf(item)}`)?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    if (isField(event.target) || chosen === undefined) return
    const act = acts.find(({ does }) => pressed(event.nativeEvent, LINE_KEYS[does]))
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey
    const run = act
      ? () => (act.can?.(chosen) ?? true) && act.run(chosen)
      : event.target === list.current && plain
        ? ({
            ArrowDown: () => choose(at + 1),
            ArrowUp: () => choose(at - 1),
            Home: () => choose(0),
            End: () => choose(items.length - 1),
            Enter: enter && (() => enter(chosen)),
          }[event.key] ?? null)
        : null
    if (run === null) return
    event.preventDefault()
    run()
  }

  let place = 0
  return (
    // Keys pressed on the list and on the buttons below it mean the same.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- what takes the keys is the list and its buttons
    <div className={styles.frame} onKeyDown={press}>
      {items.length === 0 ? (
        <div id={id} className={styles.empty} tabIndex={-1}>
          {empty}
        </div>
      ) : (
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label={label}
          aria-activedescendant={chosen && `${prefix}${idOf(chosen)}`}
          tabIndex={0}
          className={styles.list}
        >
          {sections.map(({ title, items: members, urgent }) =>
            members.length === 0 ? null : (
              <div key={title} role="group" aria-label={title}>
                {title === '' ? null : (
                  <div role="presentation" className={styles.section} data-urgent={urgent || undefined}>
                    {title}
                  </div>
                )}
                {members.map((item) => {
                  const here = place++
                  return (
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list takes the keys
                    <div
                      key={idOf(item)}
                      id={`${prefix}${idOf(item)}`}
                      role="option"
                      tabIndex={-1}
                      aria-selected={here === at}
                      className={styles.line}
                      onClick={() => {
                        choose(here)
                        list.current?.focus({ preventScroll: true })
                      }}
                      onDoubleClick={() => enter?.(item)}
                    >
                      {renderLine(item)}
                    </div>
                  )
                })}
              </div>
            ),
          )}
        </div>
      )}
      {chosen === undefined ? null : (
        <div className={styles.acts} role="toolbar" aria-label={`${label}: the chosen line`}>
          {acts.map(({ does, label: words, can, run, kind }) => (
            <KeyButton
              key={does}
              does={does}
              kind={kind ?? 'plain'}
              disabled={!(can?.(chosen) ?? true)}
              onPress={() => run(chosen)}
            >
              {typeof words === 'string' ? words : words(chosen)}
            </KeyButton>
          ))}
          {renderMore?.(chosen)}
        </div>
      )}
    </div>
  )
}
