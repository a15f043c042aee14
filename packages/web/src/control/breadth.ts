import { useSyncExternalStore } from 'react'

const wall = matchMedia('(min-width: 110rem)')
const desk = matchMedia('(min-width: 64rem)')

const subscribe = (listener: () => void): (() => void) => {
  for (const query of [wall, desk]) query.addEventListener('change', listener)
  return () => {
    for (const query of [wall, desk]) query.removeEventListener('change', listener)
  }
}

/** How much of the room fits on the screen at once. */
export function useBreadth(): 'phone' | 'desk' | 'wall' {
  return useSyncExternalStore(subscribe, () => (wall.matches ? 'wall' : desk.matches ? 'desk' : 'phone'))
}
