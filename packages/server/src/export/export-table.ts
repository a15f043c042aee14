import { PlenaryError, type PollsView, type QuestionsView, type RoomId } from '@plenary/kinds'
import type { Standing } from '../people/entrance.ts'
import { requireRight } from '../people/roles.ts'
import { readerOf, viewOf, type ExportDeps } from './room-entries.ts'
import { pollsCsv, questionsCsv } from './texts.ts'

/** Kinds whose rooms are tables, and how what staff see of them is written as one. */
export const TABLES: Readonly<Record<string, (view: unknown) => string>> = {
  polls: (view) => pollsCsv(view as PollsView),
  questions: (view) => questionsCsv(view as QuestionsView),
}

/** One room of an event as CSV, by what it is called there. Throws `forbidden`, and `not_found` for a room that is no table of this event's. */
export async function exportTable(
  deps: ExportDeps,
  standing: Standing,
  id: RoomId,
): Promise<{ name: string; csv: string }> {
  const { event, me } = standing
  requireRight(me.role, 'exportEvent')
  const place = event.rooms.findIndex((room) => room.id === id)
  const name = event.rooms[place]?.kind ?? ''
  const [kind, write] = [deps.kinds.get(name), TABLES[name]]
  if (kind === undefined || write === undefined)
    throw new PlenaryError('not_found', 'There is no such room with polls or questions in this event.')
  return { name: nameOf(place, name), csv: write(await viewOf(deps, kind, id, readerOf(deps, standing))) }
}

/** What a room's files are called; an event may have several rooms of a kind. */
export function nameOf(place: number, kind: string): string {
  return `${place + 1}-${kind}`
}
