import { PlenaryError, type Role, type api } from '@plenary/kinds'
import { withFreshCode } from '../events/codes.ts'
import type { Store } from '../store/store.ts'
import type { Standing } from './entrance.ts'
import { mayGive, requireRight } from './roles.ts'

export interface InvitationDeps {
  store: Store
  /** A uniform unguessable whole number below n. */
  pick: (below: number) => number
}

export type Invitations = ReturnType<typeof invitations>

/** Codes beside the event's own, at most one for each role, that let people in with that role. */
export function invitations({ store, pick }: InvitationDeps) {
  /** Whoever may hand out a role may also invite to it. Throws `forbidden`. */
  function requireInviting(me: api.Me, role: Role): void {
    requireRight(me.role, 'changeEvent')
    if (!mayGive(me.role, role)) throw new PlenaryError('forbidden', 'Your role may not give this role.')
  }

  return {
    /** Those that this person could have made. Throws `forbidden`. */
    async list({ event, me }: Standing): Promise<api.Invitation[]> {
      requireRight(me.role, 'changeEvent')
      const rows = await store
        .selectFrom('invitation')
        .select(['role', 'code'])
        .where('event_id', '=', event.id)
        .orderBy('role')
        .execute()
      return rows.filter(({ role }) => mayGive(me.role, role))
    },

    /** Makes the invitation to this role, or takes it back; those who came by it stay. Throws `forbidden`. */
    async change({ event, me }: Standing, role: Role, on: boolean): Promise<api.Invitation | null> {
      requireInviting(me, role)
      return await store.transaction().execute(async (tx) => {
        if (!on) {
          await tx.deleteFrom('invitation').where('event_id', '=', event.id).where('role', '=', role).execute()
          return null
        }
        const kept = tx.selectFrom('invitation').select('code').where('event_id', '=', event.id)
        const there = await kept.where('role', '=', role).executeTakeFirst()
        if (there !== undefined) return { role, code: there.code }
        await withFreshCode(tx, pick, async (code) => {
          const made = tx.insertInto('invitation').values({ code, event_id: event.id, role })
          // Another request may have made one for this role meanwhile: then that one is answered.
          await made.onConflict((conflict) => conflict.doNothing()).execute()
          return true
        })
        const { code } = await kept.where('role', '=', role).executeTakeFirstOrThrow()
        return { role, code }
      })
    },
  }
}
