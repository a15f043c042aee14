const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const dayAndYear = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})

/** 14:05, in the reader's own way. */
export const clockText = (at: number): string => clock.format(at)
/** Day and time in full, for titles and screen readers. */
export const fullText = (at: number): string => full.format(at)

/** A day as a separator names it: "Today", "Yesterday", or the date; the year only when it is another one. */
export function dayText(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return 'Today'
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (then.toDateString() === yesterday.toDateString()) return 'Yesterday'
  return (then.getFullYear() === today.getFullYear() ? day : dayAndYear).format(at)
}

/** "0:42", for a wait counted down; a started second counts whole. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
