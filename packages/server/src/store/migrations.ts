import type { Kysely } from 'kysely'
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
}
