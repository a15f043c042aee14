import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { engineOf, type Store } from './store.ts'

const RETRY_MS = 100
const WAIT_MS_MAX = 60_000

/**
 * Work that nodes must not do at the same time, like making tables; all of it on the store that it is given, which is one
 * transaction where many nodes share an engine. Throws when others are at it for too long.
 */
export async function oneNodeAtATime<T>(store: Store, what: string, work: (store: Store) => Promise<T>): Promise<T> {
  if (engineOf(store) === 'sqlite') return await work(store)
  const until = performance.now() + WAIT_MS_MAX
  while (performance.now() < until) {
    const done = await store.transaction().execute(async (tx) => {
      const lock = sql<{
        mine: boolean
      }>`select pg_try_advisory_xact_lock(hashtextextended(${`plenary ${what}`}, 0)) as mine`
      const { rows } = await lock.execute(tx)
      return rows[0]?.mine === true ? { value: await work(tx) } : null
    })
    if (done !== null) return done.value
    // Asked again rather than waited for: a connection that says nothing for long is taken for a broken one.
    await wait(RETRY_MS)
  }
  throw new Error(`Other nodes did not finish with the ${what} in time.`)
}
