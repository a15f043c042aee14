import { useEffect, useState } from 'react'

/** Often enough for a wait that is counted down in seconds. */
const TICK_MS = 500

/** The wall clock in milliseconds, told again every `everyMs` while the component is shown; `null` stops it. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (everyMs === null) return
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(tick, everyMs)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [everyMs])
  return now
}

/** The wall clock in milliseconds, running twice a second until it reaches `until`. */
export function useNowUntil(until: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const tick = () => setNow(Date.now())
    const first = setTimeout(tick)
    const timer = setInterval(() => {
      tick()
      if (Date.now() >= until) clearInterval(timer)
    }, TICK_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [until])
  return now
}
