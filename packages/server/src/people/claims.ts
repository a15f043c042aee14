import { ROLES, type EventId, type UserId } from '@plenary/kinds'
import type { Store } from '../store/store.ts'
import type { Account } from './accounts.ts'
import { memberships, type Member } from './memberships.ts'
import type { Revocations } from './revocations.ts'
import type { Tickets } from './tickets.ts'

export interface ClaimDeps {
  store: Store
  tickets: Tickets
  revocations: Revocations
  id: () => string
}

export type Claims = ReturnType<typeof claims>

/** How a guest becomes an account without losing anything. */
export function claims({ store, tickets, revocations, id }: ClaimDeps) {
  /** The person of an account; at the first time the device's own, so that all they did and said stays theirs. */
  async function personOf(
    tx: Store,
    account: string,
    device: UserId | undefined,
  ): Promise<{ user: UserId; device: UserId | undefined }> {
    const kept = await tx.selectFrom('account_user').selectAll().where('account_id', '=', account).executeTakeFirst()
    const other =
      device === undefined
        ? undefined
        : await tx.selectFrom('account_user').selectAll().where('user_id', '=', device).executeTakeFirst()
    // A device that somebody else's account has left its pass on brings nothing of theirs along.
    const own = other === undefined || other.account_id === account ? device : undefined
    if (kept !== undefined) return { user: kept.user_id, device: own }
    const user = own ?? (id() as UserId)
    await tx.insertInto('account_user').values({ account_id: account, user_id: user }).execute()
    return { user, device: own }
  }

  /** Moves the roles of one person to another, who keeps the better one of two; bans go along and also stay. */
  async function move(tx: Store, from: UserId, to: UserId): Promise<EventId[]> {
    const members = memberships(tx)
    const rows = await members.ofUser(from)
    for (const row of rows) {
      const there = await members.find(row.event, to)
      await members.put(merged(row, there, to))
      if (row.banned) await members.put({ ...row, role: 'attendee' })
      else await members.remove(row.event, from)
    }
    return rows.map((row) => row.event)
  }

  return {
    /** The account's pass. Throws `unauthorized` for a bad device pass. */
    async claim(account: Account, pass: string | undefined): Promise<{ pass: string; user: UserId; name: string }> {
      const holder = pass === undefined ? null : await tickets.readPass(pass)
      const { user, own, moved } = await store.transaction().execute(async (tx) => {
        const person = await personOf(tx, account.id, holder?.user)
        const from = person.device
        const events = from === undefined || from === person.user ? [] : await move(tx, from, person.user)
        return { user: person.user, own: from !== undefined, moved: events }
      })
      const both = [user, ...(holder === null ? [] : [holder.user])]
      await Promise.all(moved.flatMap((event) => both.map((one) => revocations.revoke(event, one, 'role_changed'))))
      const name = own && holder !== null ? holder.name : account.name
      const joined = own && holder !== null ? holder.joined : []
      return { pass: await tickets.signPass({ user, name, joined }), user, name }
    },
  }
}

/** A ban brings no role along, and does not reach a person to whom the event has given a role of their own. */
function merged(row: Member, there: Member | null, to: UserId): Member {
  if (there === null) return { ...row, user: to }
  if (row.banned || ROLES.indexOf(there.role) < ROLES.indexOf(row.role)) return there
  return { ...there, role: row.role }
}
