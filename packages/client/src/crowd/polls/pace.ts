/** The most of these times, in milliseconds and ascending, that lie in one span of this length; its end is not in it. */
export function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0
  let first = 0
  for (const [last, time] of times.entries()) {
    while (time - (times[first] ?? time) >= spanMs) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** How many came in a second, from the first of these times to the last; 0 for fewer than two. */
export function perSecond(times: readonly number[]): number {
  const lasted = (times.at(-1) ?? 0) - (times[0] ?? 0)
  return lasted <= 0 ? 0 : ((times.length - 1) / lasted) * 1_000
}
