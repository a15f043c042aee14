const SECOND_MS = 1_000

function parts(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const two = (value: number) => String(value).padStart(2, '0')
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** "0:42", "12:05", "1:02:03": whole seconds that have passed. */
export function elapsedText(ms: number): string {
  return parts(Math.floor(Math.max(0, ms) / SECOND_MS))
}

/** What is left, a started second counting whole; past the end "+0:07". */
export function leftText(ms: number): string {
  return ms < 0 ? `+${elapsedText(-ms)}` : parts(Math.ceil(ms / SECOND_MS))
}

/** "+1:20" or "−0:30"; "0:00" within a second of it. */
export function driftText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / SECOND_MS)
  return seconds === 0 ? '0:00' : `${ms < 0 ? '−' : '+'}${parts(seconds)}`
}

/** A duration as it is typed: "5", "5:30" and "1:05:00", in minutes unless seconds are given; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(?:(\d{1,2}):)?(\d{1,3})(?::([0-5]\d))?\s*$/.exec(text)
  if (match === null) return null
  const [, first, middle, last] = match
  const [hours, minutes, seconds] =
    first === undefined
      ? [0, Number(middle), 0]
      : last === undefined
        ? [0, Number(first), Number(middle)]
        : [Number(first), Number(middle), Number(last)]
  if ((first !== undefined && last === undefined && seconds > 59) || (last !== undefined && minutes > 59)) return null
  return ((hours * 60 + minutes) * 60 + seconds) * SECOND_MS
}
