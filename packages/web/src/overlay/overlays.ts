/** Pictures to lay over a broadcast, or to throw on a wall; each has an address of its own. */
export const OVERLAYS = [
  { id: 'question', name: 'Question', what: 'The question that is being answered, or the one that is pinned.' },
  { id: 'poll', name: 'Poll', what: 'The poll that is open, with its results as far as the audience sees them.' },
  { id: 'countdown', name: 'Countdown', what: 'What is left of a welcome or a break.' },
  { id: 'caption', name: 'Caption', what: 'The lower third: who speaks.' },
  { id: 'reactions', name: 'Reactions', what: 'What the audience sends, rising from below.' },
  { id: 'join', name: 'Join', what: 'The code and the picture to scan.' },
  { id: 'stage', name: 'Whole stage', what: 'All that is on the stage, for a projector.' },
] as const

export type OverlayId = (typeof OVERLAYS)[number]['id']

/** The key stands behind the `#`, so that no server and no log gets to see it with the address. */
export function overlayAddress(origin: string, id: OverlayId, key: string): string {
  return `${origin}/o/${id}#${key}`
}
