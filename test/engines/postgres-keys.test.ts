import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { keysContract } from '../../packages/engine/src/keys/keys.contract.ts'
import type { KeysPlace } from '../../packages/engine/src/keys/keys.contract.ts'
import type { RoomKeys } from '../../packages/engine/src/keys/keys.ts'
import { openPostgresKeys } from '../../packages/engine/src/postgres.ts'
import { bytesOf } from '../../packages/engine/src/testing/unmask.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'

const there = await ensurePostgres()

describe.skipIf(there === null)('keys in PostgreSQL', () => {
  let server: PostgresEngine
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())

  async function place(): Promise<KeysPlace> {
    const schema = `keys_${randomBytes(6).toString('hex')}`
    const opened: RoomKeys[] = []
    return {
      async open() {
        const keys = await openPostgresKeys({ url: server.url, schema })
        opened.push(keys)
        return keys
      },
      /** The whole cluster of databases with its write-ahead log, all of it written out. */
      async bytes() {
        const client = new Client({ connectionString: server.url })
        await client.connect()
        await client.query('CHECKPOINT')
        await client.end()
        return await bytesOf(dirname(server.logFile))
      },
      async [Symbol.asyncDispose]() {
        for (const keys of opened) await keys.close()
      },
    }
  }

  keysContract('PostgreSQL', place)
})
