import type { PlenaryNode } from '@plenary/engine'
import { LIMITS, type AnyKind, type Entry, type Identity, type KindTable, type RoomId } from '@plenary/kinds'
import type { EventTable } from '../events/event-table.ts'
import type { Standing } from '../people/entrance.ts'

export interface ExportDeps {
  node: Pick<PlenaryNode, 'entries'>
  events: EventTable
  kinds: KindTable
  now: () => number
}

/** Who reads, as rooms know them. */
export function readerOf({ now }: ExportDeps, { event, me }: Standing): Identity {
  return { user: me.id, name: me.name, event: event.id, role: me.role, issuedAt: now() }
}

/** A room's entries as this reader sees them, oldest first, page by page. */
export async function* entriesOf({ node }: ExportDeps, room: RoomId, who: Identity): AsyncGenerator<Entry[]> {
  for (let after = 0, more = true; more;) {
    const page = await node.entries(room, who, { after, limit: LIMITS.historyPage })
    // Those past the slice only amend one inside; they come again in their own place.
    yield (page.entries as Entry[]).filter(({ seq }) => seq > after && seq <= page.through)
    more = page.more && page.through > after
    after = page.through
  }
}

/** What staff see of a room at the end of its entries. */
export async function viewOf(deps: ExportDeps, kind: AnyKind, room: RoomId, who: Identity): Promise<unknown> {
  const spec = await deps.events.findRoom(room)
  let view: unknown = kind.view(kind.initial(spec?.settings ?? {}), 'staff')
  for await (const page of entriesOf(deps, room, who))
    for (const entry of page) view = kind.evolveView(view, entry, who.user)
  return view
}
