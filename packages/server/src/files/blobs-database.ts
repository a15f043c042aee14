import type { Store } from '../store/store.ts'
import type { Blobs } from './blobs.ts'

/** Rows in the platform's database, for many nodes that share it. */
export function databaseBlobs(store: Store): Blobs {
  return {
    async put(hash, bytes) {
      await store
        .insertInto('blob')
        .values({ hash, bytes: Buffer.from(bytes) })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute()
    },
    async get(hash) {
      const row = await store.selectFrom('blob').select('bytes').where('hash', '=', hash).executeTakeFirst()
      return row === undefined ? null : new Uint8Array(row.bytes)
    },
  }
}
