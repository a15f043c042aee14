import type { CommandId, RoomId, UserId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fenced } from './log.ts'
import type { Reader, RoomAppend, RoomLog, Sees, ShardLog, StoredEntry } from './log.ts'

/** What a test needs of an adapter: an empty log, a way to open the same one anew as after a crash, and its end. */
export interface OpenLog {
  log: RoomLog
  reopen(): Promise<RoomLog>
  close(): Promise<void>
}

const ALL: Reader = 'all'
const ROOM = 'room-1' as RoomId
const OTHER = 'room-2' as RoomId

function entry(seq: number, more: Partial<StoredEntry> & { text?: string } = {}): StoredEntry {
  const { text = `entry ${seq}`, ...rest } = more
  const id = randomUUID() as CommandId
  return { seq, id, at: 1_000 + seq, sees: 'everyone', about: null, json: JSON.stringify({ seq, text }), ...rest }
}

function append(room: RoomId, after: number, count: number, more: Partial<StoredEntry> = {}): RoomAppend {
  const entries = Array.from({ length: count }, (_, at) => entry(after + at + 1, more))
  return { room, after, entries, deadline: null }
}

const everything = (log: RoomLog, room: RoomId = ROOM) =>
  log.read(room, { after: 0, through: Number.MAX_SAFE_INTEGER, limit: 10_000, reader: ALL })
const seqs = (entries: readonly StoredEntry[]) => entries.map((each) => each.seq)

/** The guarantee of the port `RoomLog`, for any adapter. */
export function logContract(name: string, open: () => Promise<OpenLog>): void {
  describe(`log: ${name}`, () => {
    let opened: OpenLog
    let log: RoomLog
    let shard: ShardLog
    beforeEach(async () => {
      opened = await open()
      log = opened.log
      shard = await log.acquire('z/0', 1)
    })
    afterEach(() => opened.close())

    test('[R1] what was appended is there in full after the log was opened anew, and so are its id and epochs', async () => {
      const batch = append(ROOM, 0, 3, { sees: 'staff', about: null })
      await shard.append([batch, append(OTHER, 0, 1)])
      const again = await opened.reopen()
      expect(again.id).toBe(log.id)
      expect(await again.epoch('z/0')).toBe(1)
      expect(await everything(again)).toEqual(batch.entries)
      expect(await again.head(ROOM)).toBe(3)
      expect(await again.head(OTHER)).toBe(1)
    })

    test('[R2] a room that nothing was appended to is empty', async () => {
      const none = 'nothing' as RoomId
      expect(await log.head(none)).toBe(0)
      expect(await everything(log, none)).toEqual([])
      expect(await log.seqAt(none, 5_000)).toBe(0)
      expect(await log.amendments(none, { subjects: [1], after: 0, limit: 10, reader: ALL })).toEqual([])
      expect(await shard.load(none)).toEqual({ head: 0, snapshot: null, entries: [] })
      expect(await shard.ids(none, 10)).toEqual([])
      expect(await shard.find(none, randomUUID() as CommandId)).toBeNull()
    })

    test.for([
      ['a gap', 3],
      ['an overlap', 1],
      ['a beginning anew', 0],
    ] as const)('[R2] an append with %s is refused whole, with all its rooms', async ([, after]) => {
      await shard.append([append(ROOM, 0, 2)])
      const before = await everything(log)
      await expect(shard.append([append(OTHER, 0, 2), append(ROOM, after, 2)])).rejects.toBeInstanceOf(Error)
      expect(await everything(log)).toEqual(before)
      expect(await log.head(OTHER)).toBe(0)
      // The refusal leaves the log usable.
      await shard.append([append(ROOM, 2, 1), append(OTHER, 0, 1)])
      expect(seqs(await everything(log))).toEqual([1, 2, 3])
    })

    test('[R2] a first append that does not begin the room is refused', async () => {
      await expect(shard.append([append(ROOM, 4, 1)])).rejects.toBeInstanceOf(Error)
      expect(await log.head(ROOM)).toBe(0)
    })

    test('[R2] an append that breaks half-way leaves nothing of itself, and nothing of its neighbours is lost', async () => {
      const second = await log.acquire('z/1', 1)
      const torn: RoomAppend = { ...append(ROOM, 0, 2), entries: [entry(1), entry(1)] }
      const outcomes = await Promise.allSettled([
        shard.append([append(OTHER, 0, 1), torn]),
        second.append([append('room-3' as RoomId, 0, 2)]),
      ])
      expect(outcomes.map((each) => each.status)).toEqual(['rejected', 'fulfilled'])
      expect(await log.head(ROOM)).toBe(0)
      expect(await log.head(OTHER)).toBe(0)
      expect(seqs(await everything(log, 'room-3' as RoomId))).toEqual([1, 2])
      await shard.append([append(ROOM, 0, 1)])
      expect(await log.head(ROOM)).toBe(1)
    })

    test('[R4] acquiring ends all lower epochs: append, snapshot and acquire of one are refused and write nothing', async () => {
      await shard.append([append(ROOM, 0, 1)])
      const next = await log.acquire('z/0', 5)
      expect(await log.epoch('z/0')).toBe(5)
      await expect(shard.append([append(ROOM, 1, 1)])).rejects.toBeInstanceOf(Fenced)
      await expect(shard.append([append(OTHER, 0, 1)])).rejects.toBeInstanceOf(Fenced)
      await expect(shard.snapshot(ROOM, { seq: 1, version: 1, state: '{}' })).rejects.toBeInstanceOf(Fenced)
      await expect(log.acquire('z/0', 4)).rejects.toBeInstanceOf(Fenced)
      expect(await log.head(ROOM)).toBe(1)
      expect(await log.head(OTHER)).toBe(0)
      expect((await next.load(ROOM)).snapshot).toBeNull()
      await next.append([append(ROOM, 1, 1)])
      expect(seqs(await everything(log))).toEqual([1, 2])
    })

    test('[R4] of all who claim one epoch, one gets it', async () => {
      await expect(log.acquire('z/0', 1)).rejects.toBeInstanceOf(Fenced)
      const claims = await Promise.allSettled(Array.from({ length: 10 }, () => log.acquire('z/0', 2)))
      expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1)
      for (const claim of claims) if (claim.status === 'rejected') expect(claim.reason).toBeInstanceOf(Fenced)
    })

    test('[R4] a fenced owner stays fenced over a re-opening, and epochs of other shards are not touched', async () => {
      const other = await log.acquire('z/1', 1)
      await log.acquire('z/0', 2)
      await other.append([append(OTHER, 0, 1)])
      const again = await opened.reopen()
      await expect(again.acquire('z/0', 2)).rejects.toBeInstanceOf(Fenced)
      expect(await again.epoch('z/0')).toBe(2)
      expect(await again.epoch('z/1')).toBe(1)
      expect(await again.epoch('z/2')).toBe(0)
    })

    test('[R2] appends of many shards at the same time are each whole', async () => {
      const shards = await Promise.all(Array.from({ length: 8 }, (_, at) => log.acquire(`many/${at}`, 1)))
      await Promise.all(
        shards.map(async (each, at) => {
          const room = `many-${at}` as RoomId
          for (let round = 0; round < 10; round++) await each.append([append(room, round * 3, 3)])
        }),
      )
      for (let at = 0; at < 8; at++) {
        expect(seqs(await everything(log, `many-${at}` as RoomId))).toEqual(
          Array.from({ length: 30 }, (_, seq) => seq + 1),
        )
      }
    })

    test('[R3] a command is found by its id with the last of its entries, in its own room only', async () => {
      const id = randomUUID() as CommandId
      await shard.append([
        { room: ROOM, after: 0, deadline: null, entries: [entry(1), entry(2, { id }), entry(3, { id }), entry(4)] },
      ])
      expect(await shard.find(ROOM, id)).toBe(3)
      expect(await shard.find(ROOM, randomUUID() as CommandId)).toBeNull()
      expect(await shard.find(OTHER, id)).toBeNull()
    })

    test('[R3] the newest command ids are told oldest first, also those before the snapshot', async () => {
      const batch = append(ROOM, 0, 10)
      await shard.append([batch])
      await shard.snapshot(ROOM, { seq: 8, version: 3, state: '{"n":8}' })
      const loaded = await shard.load(ROOM)
      expect(loaded.head).toBe(10)
      expect(loaded.snapshot).toEqual({ seq: 8, version: 3, state: '{"n":8}' })
      expect(loaded.entries).toEqual(batch.entries.slice(8))
      expect(await shard.ids(ROOM, 4)).toEqual(batch.entries.slice(6).map(({ id, seq }) => ({ id, seq })))
      expect(await shard.ids(ROOM, 50)).toHaveLength(10)
    })

    test('[R10] a newer snapshot takes an older one’s place; with either, snapshot and entries make up the whole', async () => {
      await shard.append([append(ROOM, 0, 6)])
      await shard.snapshot(ROOM, { seq: 2, version: 1, state: '"two"' })
      await shard.snapshot(ROOM, { seq: 5, version: 1, state: '"five"' })
      expect(await shard.load(ROOM)).toMatchObject({ snapshot: { seq: 5, state: '"five"' } })
      await shard.snapshot(ROOM, { seq: 3, version: 1, state: '"three"' })
      const { snapshot, entries } = await shard.load(ROOM)
      const from = snapshot?.seq ?? 0
      expect(seqs(entries)).toEqual(Array.from({ length: 6 - from }, (_, at) => from + at + 1))
    })

    test('[R10] a snapshot past the log is refused', async () => {
      await shard.append([append(ROOM, 0, 2)])
      await expect(shard.snapshot(ROOM, { seq: 3, version: 1, state: '{}' })).rejects.toBeInstanceOf(Error)
      await expect(shard.snapshot(OTHER, { seq: 1, version: 1, state: '{}' })).rejects.toBeInstanceOf(Error)
      expect((await shard.load(ROOM)).snapshot).toBeNull()
    })

    test('[R5] a slice is read from either end, ascending, within its bounds', async () => {
      await shard.append([append(ROOM, 0, 10)])
      const slice = async (more: object) =>
        seqs(await log.read(ROOM, { after: 0, through: 10, limit: 100, reader: ALL, ...more }))
      expect(await slice({ after: 3, through: 6 })).toEqual([4, 5, 6])
      expect(await slice({ limit: 3 })).toEqual([1, 2, 3])
      expect(await slice({ limit: 3, newestFirst: true })).toEqual([8, 9, 10])
      expect(await slice({ through: 7, limit: 2, newestFirst: true })).toEqual([6, 7])
      expect(await slice({ after: 9, through: 50 })).toEqual([10])
      expect(await slice({ after: 10 })).toEqual([])
      expect(await slice({ after: 8, through: 4 })).toEqual([])
      expect(await slice({ limit: 0 })).toEqual([])
    })

    test('[R6] a reader gets what it may see, and the limit counts that alone', async () => {
      const ann = 'ann' as UserId
      const sees: Sees[] = ['everyone', 'staff', 'nobody', `only:${ann}`, `only:${'anna' as UserId}`, 'everyone']
      await shard.append([
        { room: ROOM, after: 0, deadline: null, entries: sees.map((each, at) => entry(at + 1, { sees: each })) },
      ])
      const read = async (reader: Reader, limit = 100) =>
        seqs(await log.read(ROOM, { after: 0, through: 6, limit, reader }))
      expect(await read({ audience: 'everyone', user: null })).toEqual([1, 6])
      expect(await read({ audience: 'staff', user: null })).toEqual([1, 2, 6])
      expect(await read({ audience: 'everyone', user: ann })).toEqual([1, 4, 6])
      expect(await read({ audience: 'staff', user: ann })).toEqual([1, 2, 4, 6])
      expect(await read({ audience: 'everyone', user: ann }, 2)).toEqual([1, 4])
      expect(await read('all')).toEqual([1, 2, 3, 4, 5, 6])
    })

    test('[R5] the changes of entries are found, by who may see them, page by page', async () => {
      const changes: StoredEntry[] = [
        entry(1),
        entry(2),
        entry(3, { about: 1 }),
        entry(4, { about: 2, sees: 'staff' }),
        entry(5, { about: 1 }),
        entry(6, { about: 3 }),
      ]
      await shard.append([{ room: ROOM, after: 0, deadline: null, entries: changes }])
      const amended = async (more: object) =>
        seqs(await log.amendments(ROOM, { subjects: [1, 2], after: 0, limit: 100, reader: ALL, ...more }))
      expect(await amended({})).toEqual([3, 4, 5])
      expect(await amended({ subjects: [1] })).toEqual([3, 5])
      expect(await amended({ subjects: [] })).toEqual([])
      expect(await amended({ after: 3 })).toEqual([4, 5])
      expect(await amended({ limit: 1 })).toEqual([3])
      expect(await amended({ reader: { audience: 'everyone', user: null } })).toEqual([3, 5])
      expect(await amended({ subjects: Array.from({ length: 400 }, (_, at) => at + 1) })).toEqual([3, 4, 5, 6])
    })

    test('[R5] the last place at or before a moment is found', async () => {
      const times = [10, 20, 20, 30]
      await shard.append([
        { room: ROOM, after: 0, deadline: null, entries: times.map((at, seq) => entry(seq + 1, { at })) },
      ])
      const found = await Promise.all([9, 10, 19, 20, 29, 30, 1_000].map((at) => log.seqAt(ROOM, at)))
      expect(found).toEqual([0, 1, 1, 3, 3, 4, 4])
    })

    test('[R10] deadlines are those of the last append of each room of the shard, also after the log was opened anew', async () => {
      const at = (room: RoomId, after: number, deadline: number | null): RoomAppend => ({
        ...append(room, after, 1),
        deadline,
      })
      const other = await log.acquire('z/1', 1)
      await shard.append([at(ROOM, 0, 5_000), at(OTHER, 0, 7_000)])
      await other.append([at('room-3' as RoomId, 0, 9_000)])
      expect((await shard.deadlines()).toSorted((a, b) => a.at - b.at)).toEqual([
        { room: ROOM, at: 5_000 },
        { room: OTHER, at: 7_000 },
      ])
      await shard.append([at(ROOM, 1, null), at(OTHER, 1, 8_000)])
      const again = await (await opened.reopen()).acquire('z/0', 2)
      expect(await again.deadlines()).toEqual([{ room: OTHER, at: 8_000 }])
    })

    test('[R1] text of any sort and size comes back as it was', async () => {
      const texts = [
        '',
        'grüße 日本語 🎉👩‍👩‍👧',
        '\u0000\u0001\u2028',
        '\ud800 alone',
        `'; DROP TABLE entry; --`,
        'x'.repeat(1_500_000),
      ]
      const entries = texts.map((text, at) => entry(at + 1, { text }))
      await shard.append([{ room: ROOM, after: 0, deadline: null, entries }])
      const state = JSON.stringify(texts)
      await shard.snapshot(ROOM, { seq: 1, version: 1, state })
      const again = await opened.reopen()
      expect(await everything(again)).toEqual(entries)
      expect((await (await again.acquire('z/0', 2)).load(ROOM)).snapshot?.state).toBe(state)
    })

    test('[R2] an append of many entries is one', async () => {
      await shard.append([append(ROOM, 0, 3_000)])
      expect(await log.head(ROOM)).toBe(3_000)
      expect(await shard.ids(ROOM, 4_096)).toHaveLength(3_000)
    })

    test('[R9] a close writes what was asked before it, and what is asked after it is refused', async () => {
      const last = shard.append([append(ROOM, 0, 1)])
      const closed = log.close()
      await last
      await Promise.all([closed, log.close()])
      await expect(shard.append([append(ROOM, 1, 1)])).rejects.toBeInstanceOf(Error)
      await expect(log.head(ROOM)).rejects.toBeInstanceOf(Error)
      expect(seqs(await everything(await opened.reopen()))).toEqual([1])
    })
  })
}
