import type { EventId, Millis, UserId } from '@plenary/kinds'
import { memberships } from '../people/memberships.ts'
import type { Store } from '../store/store.ts'

/** Whoever waits says so every few seconds; after so long without a word nobody is sent to them any more. */
const SEEN_MS = 15_000
/** Somebody was sent there so long ago, and the one who waits still waits: they will not come. */
const COMING_MS = 10_000
/** When the row is of no use to anyone. */
const FORGET_MS = 10 * 60_000

/** Looked at in one go; others take some of them at the same moment. */
const CANDIDATES = 10

/** No person's id. */
const NOBODY = '' as UserId

interface Waiting {
  since: Millis
  event: EventId
}

export type QuickMatch = ReturnType<typeof quickMatch>

/**
 * Rooms in which somebody waits for another person. Each is given to one person only: what decides is which transaction gets
 * to change its row, so that any number of nodes may do this at once.
 */
export function quickMatch(store: Store, now: () => Millis) {
  /** The room that has been waited in for longest; from now on somebody is coming. Null for none. */
  async function take(tx: Store, kind: string, user: UserId | null, before?: Waiting): Promise<EventId | null> {
    const at = now()
    let query = tx
      .selectFrom('quick_match')
      .select('event_id')
      .where('kind', '=', kind)
      .where('user_id', '!=', user ?? NOBODY)
      .where('taken_at', 'is', null)
      .where('seen_at', '>', at - SEEN_MS)
    if (before !== undefined) {
      const { since, event } = before
      query = query.where((row) =>
        row.or([row('since', '<', since), row('since', '=', since).and('event_id', '<', event)]),
      )
    }
    const waiting = await query.orderBy('since').orderBy('event_id').limit(CANDIDATES).execute()
    for (const { event_id } of waiting) {
      const taken = tx.updateTable('quick_match').set({ taken_at: at }).where('event_id', '=', event_id)
      if ((await taken.where('taken_at', 'is', null).returning('event_id').execute()).length > 0) return event_id
    }
    return null
  }

  return {
    /** A room of this kind where somebody else waits, taken for this person; null when nobody does. */
    find: (kind: string, user: UserId | null): Promise<EventId | null> => take(store, kind, user),

    /** This person waits in that room from now on. Only one at a time: they have left the others. */
    async wait(tx: Store, event: EventId, kind: string, user: UserId): Promise<void> {
      const at = now()
      await tx
        .deleteFrom('quick_match')
        .where((row) => row.or([row('user_id', '=', user), row('seen_at', '<', at - FORGET_MS)]))
        .execute()
      await tx
        .insertInto('quick_match')
        .values({ event_id: event, kind, user_id: user, since: at, seen_at: at, taken_at: null })
        .execute()
    },

    /**
     * Still waiting there. Answers the room to be in: that one, or another's, where somebody has waited for longer: two who
     * began to wait at the same moment do not wait for each other for ever.
     */
    async still(event: EventId, user: UserId): Promise<{ event: EventId; waiting: boolean }> {
      return await store.transaction().execute(async (tx) => {
        const at = now()
        const row = await tx
          .updateTable('quick_match')
          .set({ seen_at: at })
          .where('event_id', '=', event)
          .where('user_id', '=', user)
          .returning(['kind', 'since', 'taken_at'])
          .executeTakeFirst()
        if (row === undefined) return { event, waiting: false }
        const coming = row.taken_at !== null && at - Number(row.taken_at) < COMING_MS
        if (coming) return { event, waiting: false }
        const open = tx.updateTable('quick_match').set({ taken_at: null }).where('event_id', '=', event)
        if (row.taken_at !== null) await open.execute()
        const other = await take(tx, row.kind, user, { since: Number(row.since), event })
        if (other === null) return { event, waiting: true }
        await tx.deleteFrom('quick_match').where('event_id', '=', event).execute()
        // Nothing has happened there that anyone would come back to.
        await memberships(tx).remove(event, user)
        return { event: other, waiting: false }
      })
    },
  }
}
