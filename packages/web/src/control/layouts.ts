import type { Scene } from '@plenary/kinds'

export type Layout = Scene['layout']

/** What a cue can show, in the order in which it is offered. */
export const LAYOUTS: Record<Layout, string> = {
  card: 'Title card',
  welcome: 'Welcome',
  image: 'Slide or picture',
  video: 'Video',
  poll: 'Poll',
  questions: 'Questions',
  document: 'Document',
  game: 'Game',
  break: 'Break',
  end: 'End',
}

/** The kinds of rooms that a layout shows; null: none. `game` is whatever the others are not. */
export function roomsFor<R extends { kind: string }>(layout: Layout, rooms: readonly R[]): R[] | null {
  const of: Partial<Record<Layout, (kind: string) => boolean>> = {
    poll: (kind) => kind === 'polls',
    questions: (kind) => kind === 'questions',
    document: (kind) => kind === 'document',
    game: (kind) => !['stage', 'chat', 'questions', 'polls', 'document', 'inbox'].includes(kind),
  }
  const fits = of[layout]
  return fits === undefined ? null : rooms.filter(({ kind }) => fits(kind))
}

export const PANEL_NAMES = {
  chat: 'Chat',
  questions: 'Q&A',
  polls: 'Polls',
  documents: 'Documents',
  games: 'Games',
  people: 'People',
} as const
