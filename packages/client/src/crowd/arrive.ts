const ARRIVING_AT_ONCE = 20

/**
 * A few at a time, so that the door and not the crowd is measured by nothing but its own pace. `comeIn` gets a number from 1
 * and a signal to stop by. The first that cannot come in ends it: what it threw is thrown once nobody is on the way any more.
 */
export async function arrive(
  count: number,
  signal: AbortSignal,
  comeIn: (number: number, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  let next = 0
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, failed.signal])
  const errors: unknown[] = []
  const doors = Array.from({ length: Math.min(ARRIVING_AT_ONCE, count) }, async () => {
    while (next < count && !stop.aborted) {
      await comeIn(++next, stop).catch((error: unknown) => {
        errors.push(error)
        failed.abort()
      })
    }
  })
  // All of them, so that nobody comes in behind the back of whoever ends this.
  await Promise.all(doors)
  if (errors.length > 0 && !signal.aborted) throw errors[0]
}
