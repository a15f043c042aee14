import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { settled } from './order.ts'
import type { Seq } from '@plenary/kinds'

/** Least milliseconds between two moves in the list: nothing may slip away from under a thumb. */
const CALM_MS = 2_500

/** The order to show: what is new is there at once, what only ranks otherwise moves every so often. `list` names which list it is. */
export function useCalmOrder(list: string, wanted: readonly Seq[]): readonly Seq[] {
  const [taken, setTaken] = useState({ list, order: wanted })
  const order = taken.list === list ? settled(taken.order, wanted) : wanted
  if (taken.list !== list) setTaken({ list, order: wanted })
  const latest = useRef(wanted)
  useLayoutEffect(() => {
    latest.current = wanted
  }, [wanted])
  const differs = order.some((seq, index) => seq !== wanted[index])
  useEffect(() => {
    if (!differs) return
    const timer = setInterval(() => setTaken({ list, order: latest.current }), CALM_MS)
    return () => clearInterval(timer)
  }, [list, differs])
  return order
}
