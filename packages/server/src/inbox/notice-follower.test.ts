import { document, kindTable, PlenaryError, type Entry, type RoomId } from '@plenary/kinds'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { NoticeFollower } from './notice-follower.ts'

const ROOM = 'room' as RoomId

function commentAt(seq: number): Entry {
  const by = { id: 'ann', name: 'Ann', role: 'attendee' }
  const body = { anchor: null, quote: '', text: `comment ${seq}`, mentions: ['bob'] }
  return { seq, at: 0, by, type: 'comment', body, id: `id-${seq}` } as unknown as Entry
}

/** A log that grows, and what was delivered of it. */
function scene(store: Store) {
  const log: Entry[] = [{ ...commentAt(1), type: '$created' }]
  const delivered: number[] = []
  let failures = 0
  const follower = () =>
    new NoticeFollower({
      store,
      kinds: kindTable([document]),
      logger: pino({ level: 'silent' }),
      node: {
        head: async () => log.length,
        async *scanAll(_room, after, through) {
          for (let from = after; from < through; from += 2) yield log.slice(from, Math.min(from + 2, through))
        },
      },
      inboxes: {
        of: async () => null,
        async deliver(_room, entry) {
          if (failures-- > 0) throw new PlenaryError('unavailable', 'Away.')
          delivered.push(entry.seq)
        },
      },
    })
  return {
    delivered,
    follower,
    fail: (times: number) => (failures = times),
    comment: (count = 1) => {
      const entries = Array.from({ length: count }, () => commentAt(log.push(commentAt(log.length + 1))))
      return entries.map((entry) => ({ ...entry, sees: 'everyone', about: null, json: JSON.stringify(entry) }) as never)
    },
  }
}

async function withRoom(): Promise<Store> {
  const store = await openStore(':memory:')
  const row = { id: 'event' as never, code: 'CODE', title: 'E', status: 'live' as const, zone: 'local', created_at: 0 }
  await store.insertInto('event').values(row).execute()
  const room = { id: ROOM, event_id: row.id, place: 0, kind: 'document', title: 'R', settings: '{}' }
  await store.insertInto('room').values(room).execute()
  return store
}

test('[R3] each entry is followed once and in order, over a hole, a failure, and a new beginning', async () => {
  const store = await withRoom()
  const { follower, comment, delivered, fail } = scene(store)
  {
    await using first = follower()
    first.note(ROOM, document, comment(2))
    await expect.poll(() => delivered).toEqual([2, 3])
    // One that it did not hear of, and an inbox that is away for a moment.
    comment()
    fail(1)
    first.note(ROOM, document, comment())
    await expect.poll(() => delivered).toEqual([2, 3, 4, 5])
  }
  // What came while nobody followed is found by itself.
  comment(3)
  await using second = follower()
  await expect.poll(() => delivered).toEqual([2, 3, 4, 5, 6, 7, 8])
  second.note(ROOM, document, comment())
  await expect.poll(() => delivered.at(-1)).toBe(9)
  expect(delivered).toHaveLength(8)
  await store.destroy()
})

test('[R7] what comes faster than it can be told is read from the log', async () => {
  const store = await withRoom()
  const { follower, comment, delivered } = scene(store)
  await using following = follower()
  for (let burst = 0; burst < 30; burst++) following.note(ROOM, document, comment(100))
  await expect.poll(() => delivered.length, { timeout: 10_000 }).toBe(3_000)
  expect(delivered).toEqual(Array.from({ length: 3_000 }, (_, at) => at + 2))
})
