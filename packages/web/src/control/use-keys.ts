import { useEffect, useRef } from 'react'
import { isField, pressed, ROOM_KEYS, type RoomKey } from './keys.ts'

type Handlers = Partial<Record<RoomKey, () => void>> & { panel?(number: number): void }

/** Listens for the room's keys while nobody writes and nothing lies over the page. A list's own keys come first. */
export function useKeys(handlers: Handlers, on: boolean): void {
  const newest = useRef(handlers)
  useEffect(() => {
    newest.current = handlers
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      if (isField(event.target)) {
        // So that the keys are the room's again once something was written.
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
        return
      }
      if (document.querySelector('[role=dialog], dialog[open]') !== null) return
      const known = (Object.keys(ROOM_KEYS) as RoomKey[]).find((id) => pressed(event, ROOM_KEYS[id]))
      // With keys switched off, the one that shows where to switch them on stays.
      if (!on && known !== 'keys') return
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey
      const run =
        known !== undefined
          ? newest.current[known]
          : plain && /^[1-9]$/.test(event.key)
            ? () => newest.current.panel?.(Number(event.key))
            : undefined
      if (run === undefined) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [on])
}
