/** Least milliseconds between two tellings of the same person's taps. */
const TELL_MS = 350

/**
 * Gathers taps, so that however fast a thumb is there are few tellings: the first goes out at once, the rest of a burst in
 * lots. `stop` tells what is left.
 */
export function tapBuffer<What extends string>(tell: (counts: Partial<Record<What, number>>) => void, lotMax: number) {
  let waiting: Partial<Record<What, number>> = {}
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = () => {
    timer = null
    if (Object.keys(waiting).length === 0) return
    const told = waiting
    waiting = {}
    timer = setTimeout(flush, TELL_MS)
    tell(told)
  }
  return {
    /** Past `lotMax` of one kind in one lot, taps are not counted. */
    tap(what: What): void {
      waiting[what] = Math.min(lotMax, (waiting[what] ?? 0) + 1)
      if (timer === null) flush()
    },
    stop(): void {
      if (timer !== null) clearTimeout(timer)
      flush()
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
