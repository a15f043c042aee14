import { createHash } from 'node:crypto'
import type { PlenaryNode } from '@plenary/engine'
import type { CommandId, Entry, EventId, Notice, RoomId, UserId } from '@plenary/kinds'
import { INBOX_LIMITS, LIMITS } from '@plenary/kinds'
import type { EventTable } from '../events/event-table.ts'
import { memberships } from '../people/memberships.ts'
import { isDuplicate, type Store } from '../store/store.ts'

/** Where an account finds its inbox. */
export interface Inbox {
  event: EventId
  room: RoomId
}

/** The inboxes of accounts. */
export interface Inboxes {
  /** The inbox of an account's person, made at the first time; null for a guest. */
  of(user: UserId): Promise<Inbox | null>
  /** Puts a notice into its inbox, once however often it is called; nothing for a guest, or for whoever is not listed where it was said. */
  deliver(room: RoomId, entry: Entry, notice: Notice): Promise<void>
}

export interface InboxDeps {
  store: Store
  events: EventTable
  node: Pick<PlenaryNode, 'tell'>
}

export function inboxes({ store, events, node }: InboxDeps): Inboxes {
  async function kept(user: UserId): Promise<Inbox | null> {
    const row = await store.selectFrom('inbox').selectAll().where('user_id', '=', user).executeTakeFirst()
    return row === undefined ? null : { event: row.event_id, room: row.room_id }
  }

  async function made(user: UserId): Promise<Inbox | null> {
    const account = store.selectFrom('account_user').select('account_id').where('user_id', '=', user)
    if ((await account.executeTakeFirst()) === undefined) return null
    try {
      const rooms = [{ kind: 'inbox', title: 'Inbox' }]
      await events.create({ title: 'Inbox', form: 'room', door: 'closed', rooms }, async (tx, event) => {
        await memberships(tx).put({ event, user, name: 'You', role: 'owner', banned: false })
        const room = await tx.selectFrom('room').select('id').where('event_id', '=', event).executeTakeFirstOrThrow()
        await tx.insertInto('inbox').values({ user_id: user, event_id: event, room_id: room.id }).execute()
      })
    } catch (error) {
      // Somebody else made it at the same moment.
      if (!isDuplicate(error)) throw error
    }
    return await kept(user)
  }

  const of = async (user: UserId) => (await kept(user)) ?? (await made(user))

  return {
    of,
    async deliver(room, entry, { to, what, quote, item }) {
      const { by } = entry
      if (by === null) return
      const place = await store
        .selectFrom('room')
        .innerJoin('event', 'event.id', 'room.event_id')
        .select(['room.title', 'room.event_id', 'event.title as about', 'event.form'])
        .where('room.id', '=', room)
        .executeTakeFirst()
      if (place === undefined) return
      // What is said in a room is told to nobody who may not be there (R6).
      const member = await memberships(store).find(place.event_id, to)
      if (member === null || member.banned) return
      const inbox = await of(to)
      if (inbox === null) return
      const title = place.form === 'room' ? place.about : `${place.title}, ${place.about}`
      const body = {
        what,
        by: { id: by.id, name: by.name },
        event: place.event_id,
        room,
        title: cut(title, LIMITS.titleChars),
        quote: cut(quote, INBOX_LIMITS.quoteChars),
        item,
      }
      await node.tell(inbox.room, { id: noticeId(room, entry, to, what), type: 'notify', body })
    },
  }
}

/** Whole characters of the beginning. */
function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/[\ud800-\udbff]$/u, '')}…`
}

/** The same for the same notice, wherever and however often it is made: so it is in the inbox once (R3). */
function noticeId(room: RoomId, { seq }: Entry, to: UserId, what: string): CommandId {
  const hash = createHash('sha256').update(`${room} ${seq} ${to} ${what}`).digest('hex')
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
  return parts.join('-') as CommandId
}
