/** What an event can begin with beside its rooms: a rundown, drafts of polls, and how its rooms are set. */
export const TEMPLATES = ['webinar', 'meet-up', 'class', 'game-night'] as const
export type Template = (typeof TEMPLATES)[number]
