import type { Panel } from '@plenary/kinds'

/** What the page needs to know to say which panels there are. */
export interface PanelFacts {
  /** The kinds of the event's rooms. */
  kinds: readonly string[]
  /** What the hosts have opened; null where there is no stage that could say so. */
  open: readonly Panel[] | null
  staff: boolean
  /** There is a poll to be seen. */
  polls: boolean
  wide: boolean
}

/** In the order in which they stand. */
const ORDER: readonly Panel[] = ['chat', 'questions', 'polls', 'people']
const KIND_OF: Partial<Record<Panel, string>> = { chat: 'chat', questions: 'questions', polls: 'polls' }

/** The panels that this person has. Who is here has a button of its own where the page is narrow. */
export function panelsOf({ kinds, open, staff, polls, wide }: PanelFacts): Panel[] {
  return ORDER.filter((panel) => {
    if (panel === 'people') return wide
    if (!kinds.includes(KIND_OF[panel] ?? '')) return false
    if (panel === 'polls' && !polls && !staff) return false
    return staff || open === null || open.includes(panel)
  })
}
