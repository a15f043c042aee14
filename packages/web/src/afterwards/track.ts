import type { Entry, Millis, OnStage } from '@plenary/kinds'

/** A stretch of the evening with one thing on the stage. */
export interface Span {
  from: Millis
  to: Millis
  cue: string
  layout: string
  text: string | null
}

/** A moment worth a mark. */
export interface Mark {
  at: Millis
  what: 'poll' | 'question'
  title: string
}

/** What was on the stage when, up to `end`. */
export function spansOf(stage: readonly Entry[], end: Millis): Span[] {
  const spans: Span[] = []
  for (const { type, at, body } of stage) {
    if (type !== 'now') continue
    const { show } = body as Partial<OnStage>
    if (show === undefined) continue
    const open = spans.at(-1)
    if (open !== undefined && open.to === end) open.to = at
    if (show !== null)
      spans.push({ from: at, to: end, cue: show.cue, layout: show.scene.layout, text: show.scene.text ?? null })
  }
  return spans.filter(({ from, to }) => to > from)
}

/** Polls that opened and questions that were answered on the stage. */
export function marksOf(polls: readonly Entry[], questions: readonly Entry[]): Mark[] {
  const asked = new Map<number, string>()
  const marks: Mark[] = []
  for (const { type, at, body } of polls)
    if (type === 'open') marks.push({ at, what: 'poll', title: (body as { poll: { title: string } }).poll.title })
  for (const { type, at, seq, body } of questions) {
    if (type === 'ask') asked.set(seq, (body as { text: string }).text)
    if (type === 'approve') asked.set(seq, (body as { question: { text: string } }).question.text)
    if (type !== 'mark') continue
    const { target, as } = body as { target: number; as: string }
    if (as === 'live') marks.push({ at, what: 'question', title: asked.get(target) ?? 'A question' })
  }
  return marks.toSorted((a, b) => a.at - b.at)
}

/** How many messages there were in each of so many equal stretches. */
export function busyness(chat: readonly Entry[], from: Millis, to: Millis, buckets: number): number[] {
  const counts = Array.from({ length: buckets }, () => 0)
  const span = Math.max(1, to - from)
  for (const { type, at } of chat) {
    if ((type !== 'post' && type !== 'approve') || at < from || at > to) continue
    const bucket = Math.min(buckets - 1, Math.floor(((at - from) / span) * buckets))
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}
