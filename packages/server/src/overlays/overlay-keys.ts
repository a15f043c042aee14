import { createHash, randomBytes } from 'node:crypto'
import { PlenaryError, type EventId, type Millis, type UserId, type api } from '@plenary/kinds'
import type { EventTable } from '../events/event-table.ts'
import type { Admitted, Standing } from '../people/entrance.ts'
import type { Revocations } from '../people/revocations.ts'
import { requireRight } from '../people/roles.ts'
import type { Tickets } from '../people/tickets.ts'
import type { Store } from '../store/store.ts'

/** Keys of one event. */
export const OVERLAY_KEYS_MAX = 50
const SECRET_BYTES = 24
const NAME = 'Overlay'

export interface OverlayKeyDeps {
  store: Store
  events: EventTable
  tickets: Tickets
  revocations: Revocations
  now: () => Millis
  id: () => string
}

export type OverlayKeys = ReturnType<typeof overlayKeys>

/**
 * Keys for pages that show the event to a hall or a stream: whoever holds one sees what an attendee sees and can do nothing. Each has
 * a person of its own, so that taking it back ends its connections and no other.
 */
export function overlayKeys({ store, events, tickets, revocations, now, id }: OverlayKeyDeps) {
  async function count(tx: Store, event: EventId): Promise<number> {
    const { total } = await tx
      .selectFrom('overlay_key')
      .select((of) => of.fn.countAll<number | string | bigint>().as('total'))
      .where('event_id', '=', event)
      .executeTakeFirstOrThrow()
    return Number(total)
  }

  return {
    /** Without their secrets, the oldest first. Throws `forbidden`. */
    async list({ event, me }: Standing): Promise<api.OverlayKey[]> {
      requireRight(me.role, 'makeOverlays')
      const rows = await store
        .selectFrom('overlay_key')
        .select(['id', 'label', 'created_at'])
        .where('event_id', '=', event.id)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: Number(created_at) }))
    },

    /** The secret is told this once. Throws `forbidden`, and `refused` with reason `overlay_keys_full`. */
    async make({ event, me }: Standing, label: string): Promise<{ overlay: api.OverlayKey; key: string }> {
      requireRight(me.role, 'makeOverlays')
      const key = randomBytes(SECRET_BYTES).toString('base64url')
      const overlay = { id: id(), label, createdAt: now() }
      await store.transaction().execute(async (tx) => {
        if ((await count(tx, event.id)) >= OVERLAY_KEYS_MAX) {
          throw new PlenaryError('refused', 'Enough overlay keys are out already. Take one back first.', {
            reason: 'overlay_keys_full',
          })
        }
        const row = { id: overlay.id, label, event_id: event.id, created_at: overlay.createdAt }
        await tx
          .insertInto('overlay_key')
          .values({ ...row, hash: hashOf(key), user_id: id() as UserId })
          .execute()
      })
      return { overlay, key }
    },

    /** Its pages are cut off at once. Throws `forbidden` and `not_found`. */
    async revoke({ event, me }: Standing, key: string): Promise<void> {
      requireRight(me.role, 'makeOverlays')
      const gone = await store
        .deleteFrom('overlay_key')
        .where('id', '=', key)
        .where('event_id', '=', event.id)
        .returning('user_id')
        .executeTakeFirst()
      if (gone === undefined) throw new PlenaryError('not_found', 'There is no such key.')
      await revocations.revoke(event.id, gone.user_id, 'kicked')
    },

    /** What a page gets for its key. Throws `not_found`, and `refused` with reason `event_ended`. */
    async admit(key: string): Promise<Admitted> {
      // From before the key is read: taking it back in between voids the ticket.
      const issuedAt = now()
      const row = await store
        .selectFrom('overlay_key')
        .select(['event_id', 'user_id'])
        .where('hash', '=', hashOf(key))
        .executeTakeFirst()
      if (row === undefined) throw new PlenaryError('not_found', 'There is no such overlay key, or it was taken back.')
      const event = await events.byId(row.event_id)
      if (event.status === 'ended')
        throw new PlenaryError('refused', 'This event has ended.', { reason: 'event_ended' })
      const me = { id: row.user_id, name: NAME, role: 'attendee' as const }
      const who = { user: me.id, name: NAME, event: event.id, role: me.role, issuedAt, readOnly: true as const }
      return { event, me, ticket: await tickets.signTicket(who) }
    },
  }
}

/** A key is long and random, so that one round does. */
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
