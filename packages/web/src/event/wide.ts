import { useSyncExternalStore } from 'react'

/** From this width on there is room for a panel beside the conversation. */
const query = matchMedia('(min-width: 60rem)')

const subscribe = (listener: () => void): (() => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether the screen is wide enough for two columns. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches)
}
