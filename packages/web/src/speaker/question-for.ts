import type { Question } from '@plenary/kinds'

/** The question that a speaker has before them: the one being answered, else the one pinned last. */
export function questionFor(list: readonly Question[]): Question | null {
  const live = list.find(({ status }) => status === 'live')
  if (live !== undefined) return live
  const pinned = list.filter((question) => question.pinned !== undefined && question.status === 'open')
  return pinned.toSorted((a, b) => (b.pinned ?? 0) - (a.pinned ?? 0))[0] ?? null
}
