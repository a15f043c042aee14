import { clockText, dayText } from '../chat/times.ts'

/** The time of today, and day and time of any other day. */
export function whenText(at: number): string {
  const day = dayText(at, Date.now())
  return day === 'Today' ? clockText(at) : `${day}, ${clockText(at)}`
}
