import { copyFile, mkdtempDisposable, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CommandId, Millis, RoomId } from '@plenary/kinds'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAppend } from './append-text.ts'
import type { RoomAppend, StoredEntry } from './log.ts'
import { SqliteCore } from './sqlite-core.ts'
import type { SettleLimits } from './sqlite-limits.ts'

const SHARDS = ['z/0', 'z/1'] as const
const ROOMS_MAX = 5
/** So that a room's entries, its ids and the rows behind them each take several slices. */
const SMALL: SettleLimits = {
  entriesPerRoom: 3,
  generationEntriesMin: 9,
  generationEntriesMax: 12,
  generationCharsMax: 100_000,
  sliceCostMax: 7,
  sliceIdsMax: 3,
  sliceRowCharsMax: 300,
}

type Step =
  | { do: 'append'; counts: readonly number[]; deadline: Millis | null }
  | { do: 'slices'; count: number }
  | { do: 'begin' }
  | { do: 'read'; room: number }
  | { do: 'find'; room: number }
  | { do: 'crash'; kept: number; goOn: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      counts: fc.array(fc.nat(4), { minLength: 1, maxLength: ROOMS_MAX }),
      deadline: fc.option(fc.nat(1_000)),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('slices' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), room: fc.nat(ROOMS_MAX - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('find' as const), room: fc.nat(ROOMS_MAX - 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      kept: fc.double({ min: 0, max: 1, noNaN: true }),
      goOn: fc.boolean(),
    }),
  },
)

/** What the log must say, kept as plainly as can be. */
class Model {
  readonly rooms = Array.from({ length: ROOMS_MAX }, (_, at) => ({
    room: `room-${at}` as RoomId,
    shard: SHARDS[at % SHARDS.length] ?? SHARDS[0],
    entries: [] as StoredEntry[],
    deadline: null as Millis | null,
  }))
  #ids = 0

  append(counts: readonly number[], deadline: Millis | null) {
    return SHARDS.map((shard) => {
      const batch: RoomAppend[] = []
      for (const [at, known] of this.rooms.entries()) {
        const count = counts[at]
        if (known.shard !== shard || count === undefined) continue
        const after = known.entries.length
        const entries = Array.from({ length: count }, (_, next) => this.#entry(after + next + 1))
        known.entries.push(...entries)
        known.deadline = deadline
        batch.push({ room: known.room, after, entries, deadline })
      }
      return { shard, epoch: 1, text: encodeAppend({ shard, batch }) }
    })
  }

  check(core: SqliteCore): void {
    for (const { room, entries } of this.rooms) {
      expect(core.head(room)).toBe(entries.length)
      for (const { id } of entries) {
        expect(core.find(room, id)).toBe(entries.findLast((entry) => entry.id === id)?.seq)
      }
    }
    for (const shard of SHARDS) {
      const mine = this.rooms.filter((known) => known.shard === shard && known.deadline !== null)
      expect(new Map(core.deadlines(shard).map(({ room, at }) => [room, at]))).toEqual(
        new Map(mine.map(({ room, deadline }) => [room, deadline])),
      )
    }
    for (const { room, entries } of this.rooms) {
      expect(core.read(room, { after: 0, through: 1e9, limit: 1e9, reader: 'all' })).toEqual(entries)
      expect(core.load(room).entries).toEqual(entries)
    }
  }

  #entry(seq: number): StoredEntry {
    // Now and then one that was there before, in the same append or long ago.
    const number = this.#ids++
    const id = `id-${number % 5 === 0 ? 0 : Math.floor(number / 1.5)}` as CommandId
    return { seq, id, at: seq, sees: 'everyone', about: null, json: `{"seq":${seq},"text":"${'é'.repeat(20)}"}` }
  }
}

/** As a crash leaves the files: nothing closed, and of what no sync has made durable only a part. */
async function crash(from: string, to: string, durable: number, kept: number): Promise<void> {
  await copyFile(from, to)
  await copyFile(`${from}-wal`, `${to}-wal`)
  const { size } = await stat(`${to}-wal`)
  await truncate(`${to}-wal`, durable + Math.round((size - durable) * kept))
}

const walSize = async (file: string) => (await stat(`${file}-wal`)).size

test('[R1] [R2] however far what has arrived is on its way, a crash loses none of it and doubles none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-core-'))
  let files = 0
  const next = () => join(folder.path, `log-${files++}.db`)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = new Model()
      let file = next()
      let core = new SqliteCore(file, SMALL)
      try {
        core.acquire(SHARDS.map((shard) => ({ shard, epoch: 1 })))
        let durable = await walSize(file)
        for (const one of steps) {
          if (one.do === 'append') {
            expect(core.append(model.append(one.counts, one.deadline))).toEqual([null, null])
            durable = await walSize(file)
          } else if (one.do === 'slices') {
            for (let count = 0; count < one.count; count++) core.slice()
          } else if (one.do === 'begin') core.begin()
          else if (one.do === 'read') {
            const known = model.rooms[one.room]
            if (known === undefined) continue
            expect(core.read(known.room, { after: 0, through: 1e9, limit: 1e9, reader: 'all' })).toEqual(known.entries)
          } else if (one.do === 'find') {
            const known = model.rooms[one.room]
            for (const { id } of known?.entries ?? [])
              expect(core.find(known?.room ?? ('' as RoomId), id)).not.toBeNull()
          } else {
            const crashed = next()
            await crash(file, crashed, durable, one.kept)
            const again = new SqliteCore(crashed, SMALL)
            if (one.goOn) {
              core.close()
              core = again
              file = crashed
              durable = await walSize(file)
            } else {
              model.check(again)
              again.close()
            }
          }
        }
        model.check(core)
      } finally {
        core.close()
      }
      const raw = new DatabaseSync(file)
      const count = (table: string) => raw.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']
      const entries = model.rooms.reduce((sum, known) => sum + known.entries.length, 0)
      expect([count('arrival'), count('entry'), count('command')]).toEqual([0, entries, entries])
      raw.close()
    }),
    { numRuns: 60 },
  )
})

test('[R1] what cannot be put in its place is told to whoever asks for it, stays durable and is there when it can', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'plenary-core-'))
  const file = join(folder.path, 'log.db')
  const model = new Model()
  const core = new SqliteCore(file, SMALL)
  core.acquire(SHARDS.map((shard) => ({ shard, epoch: 1 })))
  expect(core.append(model.append([3, 3], null))).toEqual([null, null])
  core.begin()
  // Stands for a full disk: a place that cannot be written.
  const raw = new DatabaseSync(file)
  raw.exec(`CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
  const room = 'room-0' as RoomId
  const read = () => core.read(room, { after: 0, through: 9, limit: 9, reader: 'all' })
  expect(read).toThrow('disk full')
  expect(() => core.slice()).toThrow('disk full')
  expect(core.head(room)).toBe(3)
  // Appends go on, until there is no more room for them.
  expect(core.append(model.append([4, 4], 7))).toEqual([null, null])
  expect(core.append(model.append([4, 4], 8))).toEqual([null, null])
  expect(() => core.append(model.append([1, 1], 9))).toThrow('disk full')
  for (const known of model.rooms.slice(0, 2)) {
    known.entries.pop()
    known.deadline = 8
  }
  raw.exec('DROP TRIGGER full')
  raw.close()
  model.check(core)
  core.close()
  const again = new SqliteCore(file, SMALL)
  model.check(again)
  again.close()
})
