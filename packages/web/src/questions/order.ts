import type { Question, Seq } from '@plenary/kinds'

export const SORTS = ['top', 'new', 'answered'] as const
export type Sort = (typeof SORTS)[number]

/** The questions of a list, in the order in which they would stand if nobody were about to tap one. */
export function sorted(
  list: readonly Question[],
  sort: Sort,
  votes: (question: Question) => number,
): readonly Question[] {
  if (sort === 'answered')
    return list.filter(({ status }) => status === 'answered').toSorted((a, b) => b.since - a.since || b.seq - a.seq)
  const open = list.filter(({ status }) => status !== 'answered')
  return sort === 'new'
    ? open.toSorted((a, b) => b.seq - a.seq)
    : open.toSorted((a, b) => votes(b) - votes(a) || a.seq - b.seq)
}

/** The wanted order as far as it moves nothing: what stood somewhere stays there, what is new comes in at its place. */
export function settled(before: readonly Seq[], wanted: readonly Seq[]): Seq[] {
  const present = new Set(wanted)
  const known = new Set(before)
  const order = before.filter((seq) => present.has(seq))
  for (const [index, seq] of wanted.entries()) {
    if (known.has(seq)) continue
    const follows = wanted[index - 1]
    order.splice(follows === undefined ? 0 : order.indexOf(follows) + 1, 0, seq)
  }
  return order
}

/** The one that is being answered stands first, then what is pinned; all else stays in its order. */
export function raised(list: readonly Question[]): Question[] {
  const rank = ({ status, pinned }: Question) => (status === 'live' ? 0 : pinned === undefined ? 2 : 1)
  return list.toSorted((a, b) => rank(a) - rank(b))
}
