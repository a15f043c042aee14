import { useEffect, useRef, useSyncExternalStore } from 'react'
import styles from './menus.module.css'
import type { SlashMenu } from './slash.ts'

const MENU_PX = { width: 280, height: 330, gap: 6 }

/** The kinds of blocks to choose from, at the slash; steered from the text, which keeps the focus. */
export function SlashMenuList({ menu }: { menu: SlashMenu }) {
  const now = useSyncExternalStore(menu.subscribe, () => menu.now)
  const list = useRef<HTMLUListElement>(null)
  const active = now?.active
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  if (now === null || now.items.length === 0) return null
  const below = now.at.bottom + MENU_PX.height < innerHeight || now.at.top < MENU_PX.height
  return (
    <ul
      ref={list}
      className={styles.slash}
      role="listbox"
      aria-label="Kinds of blocks"
      style={{
        left: Math.max(8, Math.min(now.at.left, innerWidth - MENU_PX.width - 8)),
        ...(below ? { top: now.at.bottom + MENU_PX.gap } : { bottom: innerHeight - now.at.top + MENU_PX.gap }),
      }}
    >
      {now.items.map((item, index) => (
        <li
          key={item.id}
          role="option"
          aria-selected={index === now.active}
          className={styles.choice}
          onPointerDown={(event) => {
            event.preventDefault()
            now.pick(item)
          }}
        >
          <item.icon size={20} stroke={1.75} />
          <span>{item.title}</span>
          <code>{item.hint}</code>
        </li>
      ))}
    </ul>
  )
}
