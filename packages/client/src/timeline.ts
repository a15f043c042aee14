import type { ChatView, Message, Seq } from '@plenary/kinds'

/** What `chatTimeline` reads of a chat room's snapshot. */
export interface TimelineSource {
  view: ChatView | null
  history: { pages: readonly ChatView[] }
}

/** A chat's loaded messages, oldest first and each once; where pages and the live view both have one, the live one wins. */
export function chatTimeline({ view, history }: TimelineSource): Message[] {
  const bySeq = new Map<Seq, Message>()
  for (const page of history.pages) for (const message of page.messages) bySeq.set(message.seq, message)
  for (const message of view?.messages ?? []) bySeq.set(message.seq, message)
  return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq)
}

/** The seq below which a view shows nothing of the log, for views that list `messages` oldest first; null for any other. */
export function oldestShown(view: unknown): Seq | null {
  if (typeof view !== 'object' || view === null || !('messages' in view) || !Array.isArray(view.messages)) return null
  const first: unknown = view.messages[0]
  if (typeof first !== 'object' || first === null || !('seq' in first)) return null
  return typeof first.seq === 'number' ? first.seq : null
}
