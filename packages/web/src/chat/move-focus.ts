import type { KeyboardEvent } from 'react'

/** Arrow keys go from message to message and from button to button within one; Enter opens the actions; Esc goes back. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const log = event.currentTarget
  const active = document.activeElement
  const article = active?.closest('article') ?? null
  const articles = [...log.querySelectorAll<HTMLElement>('article')]
  const at = article ? articles.indexOf(article) : articles.length
  const go = (target: HTMLElement | undefined) => {
    if (!target) return
    event.preventDefault()
    target.focus({ preventScroll: true })
    target.scrollIntoView({ block: 'nearest' })
  }
  switch (event.key) {
    case 'ArrowUp':
      return go(articles[at - 1])
    case 'ArrowDown':
      return go(articles[at + 1])
    case 'End':
      return go(articles.at(-1))
    case 'Escape':
      return go(article ? log : undefined)
    case 'Enter':
      if (active !== article || !article) return
      event.preventDefault()
      return article.querySelector<HTMLElement>('button[aria-haspopup]')?.click()
    case 'ArrowLeft':
    case 'ArrowRight': {
      if (!article) return
      const stops = [article, ...article.querySelectorAll<HTMLElement>('button:not(:disabled), a')]
      const step = event.key === 'ArrowRight' ? 1 : -1
      return go(stops[stops.indexOf(active as HTMLElement) + step])
    }
  }
}

/** In a menu's row of reactions: left and right along it, up and down to the actions below. */
export function moveAmongReactions(event: KeyboardEvent<HTMLElement>): void {
  const row = [
    ...(event.currentTarget.closest('[role=group]')?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
  ]
  const menu = [
    ...(event.currentTarget.closest('[role=menu]')?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
  ]
  const at = row.indexOf(document.activeElement as HTMLElement)
  const target = {
    ArrowRight: row[(at + 1) % row.length],
    ArrowLeft: row.at(at - 1),
    ArrowDown: menu[row.length],
    ArrowUp: menu.at(-1),
  }[event.key]
  if (!target) return
  event.preventDefault()
  target.focus()
}
