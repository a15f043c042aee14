import { TICKET_TTL_MS, type PlenaryNode, type RevokeOrder } from '@plenary/engine'
import type { EventId, Millis, Revoked, UserId } from '@plenary/kinds'
import type { Store } from '../store/store.ts'

const EVERYBODY = '*'
/** So far may the clocks of two nodes be apart, when one bans and the other has just given a ticket. Whoever is banned gets no later one. */
const CLOCKS_APART_MS = 1_000

export type Revocations = ReturnType<typeof revocations>

/**
 * Rights that are gone or have changed. The node ends the connections and refuses older tickets; the store remembers, so that a
 * restart opens no door again. Each is forgotten once every ticket that it voids has expired.
 */
export function revocations(store: Store, node: Pick<PlenaryNode, 'revoke' | 'voidTickets'>, now: () => Millis) {
  return {
    /** Of this user in this event, or of everybody there. In force on every gateway that can be reached once it resolves. */
    async revoke(event: EventId, user: UserId | null, code: Revoked['code']): Promise<void> {
      const at = now() + (code === 'banned' ? CLOCKS_APART_MS : 0)
      await store
        .insertInto('revocation')
        .values({ event_id: event, user_id: user ?? EVERYBODY, code, at })
        .onConflict((conflict) => conflict.columns(['event_id', 'user_id']).doUpdateSet({ code, at }))
        .execute()
      await node.revoke(order(event, user ?? EVERYBODY, code, at))
    },

    /**
     * Tells this node what others have revoked since the moment given, and answers the moment to go on from. What nodes tell one
     * another may be lost; what the store says is not.
     */
    async catchUp(since: Millis): Promise<Millis> {
      const rows = await store.selectFrom('revocation').selectAll().where('at', '>', since).execute()
      for (const { event_id, user_id, code, at } of rows) node.voidTickets(order(event_id, user_id, code, Number(at)))
      return Math.max(since, ...rows.map(({ at }) => Number(at)))
    },

    /** Drops what can void no living ticket any more. */
    async forget(): Promise<void> {
      await store
        .deleteFrom('revocation')
        .where('at', '<', now() - TICKET_TTL_MS)
        .execute()
    },

    /** Tells a node that has just started what still counts. */
    async restore(): Promise<void> {
      await this.forget()
      const rows = await store.selectFrom('revocation').selectAll().execute()
      for (const { event_id, user_id, code, at } of rows) node.voidTickets(order(event_id, user_id, code, Number(at)))
    },
  }
}

function order(event: EventId, user: UserId | typeof EVERYBODY, code: Revoked['code'], at: Millis): RevokeOrder {
  return { event, ...(user !== EVERYBODY && { user }), code, at }
}
