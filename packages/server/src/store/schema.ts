import type { ColumnType, Generated } from 'kysely'
import type { CommandId, EventId, Millis, Revoked, Role, RoomId, UserId } from '@plenary/kinds'

/** A bigint, which drivers give as what they like. */
type StoredMillis = ColumnType<number | string | bigint, Millis, Millis>

/** What the platform keeps beside the rooms' logs. 0/1 for booleans and text for JSON, so that every SQL engine agrees. */
export interface Tables {
  event: {
    id: EventId
    code: string
    title: string
    status: 'live' | 'ended'
    /** A room on its own is an event of that form, with this one room and a row in `membership` for everyone in it. */
    form: Generated<'event' | 'room' | 'rehearsal'>
    door: Generated<'open' | 'closed'>
    zone: string
    created_at: StoredMillis
  }
  room: { id: RoomId; event_id: EventId; place: number; kind: string; title: string; settings: string }
  /** Those with a role of their own or a ban; an attendee without either has no row. */
  membership: { event_id: EventId; user_id: UserId; name: string; role: Role; banned: number }
  /** What was done to people and is still to be said in the log of this room, by the command of this id. */
  note: { id: CommandId; room_id: RoomId; body: string; at: StoredMillis }
  /** Codes beside the event's own that let people in with a role. */
  invitation: { code: string; event_id: EventId; role: Role }
  /** Keys of pages that only read what attendees see. Of the secret nothing but a hash is kept. */
  overlay_key: {
    id: string
    event_id: EventId
    label: string
    hash: string
    user_id: UserId
    created_at: StoredMillis
  }
  /** Who waits in a room on its own for somebody to play with. Taken: somebody is on the way there. */
  quick_match: {
    event_id: EventId
    kind: string
    user_id: UserId
    since: StoredMillis
    seen_at: StoredMillis
    taken_at: ColumnType<number | string | bigint | null, Millis | null, Millis | null>
  }
  /** Tickets of this user in this event (of everybody when `user_id` is `*`) made up to `at` count no more. */
  revocation: { event_id: EventId; user_id: UserId | '*'; code: Revoked['code']; at: StoredMillis }
  /** Images beside rooms; `file` is the hash of what `blob`, or a folder, has. */
  room_file: { room_id: RoomId; file: string; type: string; bytes: number; user_id: UserId; at: StoredMillis }
  blob: { hash: string; bytes: Uint8Array }
  /** Texts of documents as of places in their logs: made from the log, to save the time of reading it from its start. */
  document_text: { room_id: RoomId; seq: ColumnType<number | string | bigint, number, number>; content: Uint8Array }
  /** An account's inbox: a room on its own. */
  inbox: { user_id: UserId; event_id: EventId; room_id: RoomId }
  /** Up to where the entries of a room were told to those whom they are news to. */
  notice_cursor: { room_id: RoomId; seq: ColumnType<number | string | bigint, number, number> }
  /** The person whom an account speaks for. */
  account_user: { account_id: string; user_id: UserId }
}
