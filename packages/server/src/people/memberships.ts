import type { EventId, Role, UserId } from '@plenary/kinds'
import type { Store } from '../store/store.ts'

/** A row of somebody with a role of their own or a ban. */
export interface Member {
  event: EventId
  user: UserId
  name: string
  role: Role
  banned: boolean
}

/** Who has which role where. Takes a transaction as well as the whole store. */
export function memberships(store: Store) {
  const table = () => store.selectFrom('membership').selectAll()
  return {
    /** In a transaction: whoever else changes the people of this event waits until it ends. */
    async lock(event: EventId): Promise<void> {
      // Writing a row is what locks it in every engine alike.
      const same = store.updateTable('event').set((row) => ({ status: row.ref('status') }))
      await same.where('id', '=', event).execute()
    },
    async find(event: EventId, user: UserId): Promise<Member | null> {
      const row = await table().where('event_id', '=', event).where('user_id', '=', user).executeTakeFirst()
      return row === undefined ? null : fromRow(row)
    },
    async ofEvent(event: EventId): Promise<Member[]> {
      return (await table().where('event_id', '=', event).orderBy('name').orderBy('user_id').execute()).map(fromRow)
    },
    /** Null when there are more than that. */
    async ofEventAtMost(event: EventId, max: number): Promise<Member[] | null> {
      const rows = await table()
        .where('event_id', '=', event)
        .limit(max + 1)
        .execute()
      return rows.length > max ? null : rows.map(fromRow)
    },
    /** Everywhere, or in events of one form. */
    async ofUser(user: UserId, form?: 'event' | 'room'): Promise<Member[]> {
      let rows = table().where('user_id', '=', user)
      if (form !== undefined)
        rows = rows.where('event_id', 'in', store.selectFrom('event').select('id').where('form', '=', form))
      return (await rows.execute()).map(fromRow)
    },
    async put({ event, user, name, role, banned }: Member): Promise<void> {
      const row = { name, role, banned: banned ? 1 : 0 }
      await store
        .insertInto('membership')
        .values({ event_id: event, user_id: user, ...row })
        .onConflict((conflict) => conflict.columns(['event_id', 'user_id']).doUpdateSet(row))
        .execute()
    },
    /** The name that somebody with a row goes by; nothing for those without. */
    async rename(event: EventId, user: UserId, name: string): Promise<void> {
      const row = store
        .updateTable('membership')
        .set({ name })
        .where('event_id', '=', event)
        .where('user_id', '=', user)
      await row.where('name', '!=', name).execute()
    },
    async remove(event: EventId, user: UserId): Promise<void> {
      await store.deleteFrom('membership').where('event_id', '=', event).where('user_id', '=', user).execute()
    },
    /** Owners who may come in. */
    async owners(event: EventId): Promise<number> {
      const rows = await table()
        .where('event_id', '=', event)
        .where('role', '=', 'owner')
        .where('banned', '=', 0)
        .execute()
      return rows.length
    },
  }
}

function fromRow(row: { event_id: EventId; user_id: UserId; name: string; role: Role; banned: number }): Member {
  return { event: row.event_id, user: row.user_id, name: row.name, role: row.role, banned: row.banned !== 0 }
}
