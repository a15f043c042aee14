import { PostgresAdapter, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Forward only, in the order of their names; a released one never changes. */
export const migrations: Record<string, Migration> = {
  '001_events': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('event')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('code', 'text', (column) => column.notNull().unique())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('zone', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('room')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('event_id', 'text', (column) => column.notNull().references('event.id'))
        .addColumn('place', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('settings', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('room_event').on('room').columns(['event_id', 'place']).execute()
      await db.schema
        .createTable('membership')
        .addColumn('event_id', 'text', (column) => column.notNull().references('event.id'))
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('banned', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('membership_key', ['event_id', 'user_id'])
        .execute()
      await db.schema.createIndex('membership_user').on('membership').column('user_id').execute()
      await db.schema
        .createTable('revocation')
        .addColumn('event_id', 'text', (column) => column.notNull())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('revocation_key', ['event_id', 'user_id'])
        .execute()
      await db.schema
        .createTable('account_user')
        .addColumn('account_id', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().unique())
        .execute()
    },
  },
  '002_rooms_of_their_own': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('event')
        .addColumn('form', 'text', (column) => column.notNull().defaultTo('event'))
        .execute()
      await db.schema
        .alterTable('event')
        .addColumn('door', 'text', (column) => column.notNull().defaultTo('open'))
        .execute()
      await db.schema
        .createTable('invitation')
        .addColumn('code', 'text', (column) => column.primaryKey())
        .addColumn('event_id', 'text', (column) => column.notNull().references('event.id'))
        .addColumn('role', 'text', (column) => column.notNull())
        .addUniqueConstraint('invitation_role', ['event_id', 'role'])
        .execute()
      await db.schema
        .createTable('quick_match')
        .addColumn('event_id', 'text', (column) => column.primaryKey().references('event.id'))
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .addColumn('seen_at', 'bigint', (column) => column.notNull())
        .addColumn('taken_at', 'bigint')
        .execute()
      await db.schema.createIndex('quick_match_kind').on('quick_match').columns(['kind', 'since']).execute()
    },
  },
  '004_files_and_texts': {
    async up(db: Kysely<unknown>) {
      const bytes = isPostgres(db) ? 'bytea' : 'blob'
      await db.schema
        .createTable('room_file')
        .addColumn('room_id', 'text', (column) => column.notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('bytes', 'integer', (column) => column.notNull())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('room_file_key', ['room_id', 'file'])
        .execute()
      await db.schema
        .createTable('blob')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('bytes', bytes, (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('document_text')
        .addColumn('room_id', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('content', bytes, (column) => column.notNull())
        .addPrimaryKeyConstraint('document_text_key', ['room_id', 'seq'])
        .execute()
    },
  },
  '006_inboxes': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('inbox')
        .addColumn('user_id', 'text', (column) => column.primaryKey())
        .addColumn('event_id', 'text', (column) => column.notNull().references('event.id'))
        .addColumn('room_id', 'text', (column) => column.notNull())
        .execute()
      await db.schema
        .createTable('notice_cursor')
        .addColumn('room_id', 'text', (column) => column.primaryKey())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
  '007_overlay_keys': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('overlay_key')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('event_id', 'text', (column) => column.notNull().references('event.id'))
        .addColumn('label', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull().unique())
        .addColumn('user_id', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('overlay_key_event').on('overlay_key').column('event_id').execute()
    },
  },
  '008_notes': {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('note')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('room_id', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}

function isPostgres(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
