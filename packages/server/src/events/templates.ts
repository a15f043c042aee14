import type { Json, RoomId, Template } from '@plenary/kinds'
import type { RoomTemplate } from './event-table.ts'
import { classTemplate } from './templates/class.ts'
import { gameNightTemplate } from './templates/game-night.ts'
import { meetUpTemplate } from './templates/meet-up.ts'
import type { EventPlan } from './templates/plan.ts'
import { webinarTemplate } from './templates/webinar.ts'

const PLANS: Record<Template, EventPlan> = {
  webinar: webinarTemplate,
  'meet-up': meetUpTemplate,
  class: classTemplate,
  'game-night': gameNightTemplate,
}

const MINUTE_MS = 60_000

/** The rooms of a new event of that template; `id` is a fresh one with each call. */
export function templateRooms(template: Template, id: () => string): RoomTemplate[] {
  const { cues, polls, chat, questions } = PLANS[template]
  const rooms = { questions: id() as RoomId, polls: id() as RoomId }
  const drafts = polls.map((poll) => ({ id: id(), ...poll }))
  const scene = ({ shows, text, countdown, poll }: EventPlan['cues'][number]): { [key: string]: Json } => {
    const words: { [key: string]: Json } = text === undefined ? {} : { text }
    if (shows === 'questions') return { layout: 'questions', room: rooms.questions, ...words }
    if (shows === 'poll') return { layout: 'poll', room: rooms.polls, item: drafts[poll ?? 0]?.id ?? '', ...words }
    return { layout: shows, ...words, ...(countdown === true ? { countdown } : {}) }
  }
  return [
    { kind: 'chat', title: 'Chat', settings: { ...chat } },
    {
      kind: 'stage',
      title: 'Stage',
      settings: {
        cues: cues.map((cue) => ({
          id: id(),
          title: cue.title,
          plannedMs: cue.minutes * MINUTE_MS,
          notes: cue.notes ?? '',
          scene: scene(cue),
        })),
      },
    },
    { id: rooms.questions, kind: 'questions', title: 'Questions', settings: { ...questions } },
    { id: rooms.polls, kind: 'polls', title: 'Polls', settings: { drafts } },
  ]
}
