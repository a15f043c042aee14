import type { Actor, AnyKind, CommandId, Entry, RoomId, RoomSpec, UserId } from '@plenary/kinds'
import { kindTable } from '@plenary/kinds'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { LoadedRoom, Snapshot, StoredEntry } from '../log/log.ts'
import { tally } from '../testing/tally.ts'
import { Room, isOutdated } from './room.ts'

const ID = 'room' as RoomId
const SPEC: RoomSpec = { kind: 'tally', settings: {}, access: { members: [] } }
const KINDS = kindTable([tally])
const by = (id: string): Actor => ({ id: id as UserId, name: id, role: 'owner' })
const user = fc.constantFrom('ann', 'bob', 'cid')
const command = fc.oneof(
  fc.record({ type: fc.constant('add'), body: fc.record({ by: fc.integer() }) }),
  fc.record({ type: fc.constant('say'), body: fc.record({ word: fc.string({ unit: 'binary' }) }) }),
  fc.record({ type: fc.constant('pair'), body: fc.record({ words: fc.tuple(fc.string(), fc.string()) }) }),
  fc.record({ type: fc.constant('note'), body: fc.record({ word: fc.string() }) }),
  fc.record({ type: fc.constant('whisper'), body: fc.record({ word: fc.string(), to: user }) }),
  fc.record({ type: fc.constant('bar'), body: fc.record({ user }) }),
  fc.record({ type: fc.constant('wake'), body: fc.record({ at: fc.nat() }) }),
  fc.constant({ type: 'nothing', body: {} }),
  fc.constant({ type: 'never', body: {} }),
  fc.constant({ type: 'timeout', body: {} }),
)
const story = fc.array(fc.tuple(command, user, fc.nat({ max: 1_000 })), { maxLength: 40 })

/** A live room with all that was decided in it, and a snapshot of every moment. */
function live(steps: [{ type: string; body: object }, string, number][], kinds = KINDS) {
  const { room, entries } = Room.create(ID, SPEC, kinds, 0, 1, 'genesis' as CommandId)
  const log: StoredEntry[] = [...entries]
  const snapshots: Snapshot[] = [room.snapshot()]
  steps.forEach(([{ type, body }, who, at], index) => {
    const id = `c-${index}` as CommandId
    const taken =
      type === 'timeout' ? room.timeout(at, id) : room.take({ room: ID, id, type, body, by: by(who), again: false }, at)
    if (Array.isArray(taken)) log.push(...taken)
    else if ('entries' in taken) log.push(...taken.entries)
    snapshots.push(room.snapshot())
  })
  return { room, log, snapshots }
}

function loaded(log: readonly StoredEntry[], snapshot: Snapshot | null): LoadedRoom {
  const entries = log.filter((entry) => entry.seq > (snapshot?.seq ?? 0))
  return { head: log.length, snapshot, entries }
}

function restore(log: readonly StoredEntry[], snapshot: Snapshot | null, kinds = KINDS): Room {
  const restored = Room.restore(ID, loaded(log, snapshot), kinds, 0)
  if (restored === null) throw new Error('The log is empty.')
  return restored.room
}

const hash = (room: Room) => createHash('sha256').update(room.snapshot().state).digest('hex')

test('[R10] replaying the log gives the live state, by hash, from its beginning and from a snapshot of any moment', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const { room, log, snapshots } = live(steps)
      const expected = hash(room)
      expect(hash(restore(log, null))).toBe(expected)
      for (const snapshot of snapshots) {
        const again = restore(log, snapshot)
        expect(hash(again)).toBe(expected)
        expect(again.view('staff')).toBe(room.view('staff'))
        expect(again.head).toBe(room.head)
        expect(again.barred).toEqual(room.barred)
        expect(again.deadline()).toBe(room.deadline())
      }
    }),
    { numRuns: 60 },
  )
})

test('[R2] entries are dense and times never go down, whatever the clock does, also over a restore', () => {
  fc.assert(
    fc.property(story, story, (before, after) => {
      const { log, snapshots } = live(before)
      const again = restore(log, snapshots.at(-1) ?? null)
      after.forEach(([{ type, body }, who, at], index) => {
        if (type === 'timeout') return
        const taken = again.take({ room: ID, id: `d-${index}` as CommandId, type, body, by: by(who), again: false }, at)
        if ('entries' in taken) log.push(...taken.entries)
      })
      expect(log.map((entry) => entry.seq)).toEqual(log.map((_, at) => at + 1))
      expect(log.map((entry) => entry.at)).toEqual(log.map((entry) => entry.at).toSorted((a, b) => a - b))
      for (const entry of log)
        expect(JSON.parse(entry.json)).toMatchObject({ seq: entry.seq, at: entry.at, id: entry.id })
    }),
    { numRuns: 60 },
  )
})

test('[R10] the state holds nothing of what the asker still holds', () => {
  const holding = {
    ...tally,
    decide: (_: unknown, { body }: { body: unknown }) => ({ entries: [{ type: 'said', body }] }),
    evolve: (state: { words: unknown[] }, entry: Entry) => {
      state.words.push(entry.body)
      return state
    },
  } as AnyKind
  const { room } = live([], kindTable([holding]))
  const body = { word: 'first', gone: undefined }
  room.take({ room: ID, id: 'c' as CommandId, type: 'say', body, by: by('ann'), again: false }, 1)
  body.word = 'changed'
  expect(room.view('everyone')).toContain('first')
  expect(room.view('everyone')).not.toContain('changed')
})

test('a deadline whose kind throws leaves the room as it was', () => {
  const broken = {
    ...tally,
    timeout: () => [
      { type: 'said', body: { word: 'half' } },
      { type: 'broken', body: {} },
    ],
    evolve: (state: never, entry: Entry) => {
      if (entry.type === 'broken') throw new Error('a broken kind')
      return tally.evolve(state, entry as never)
    },
  } as AnyKind
  const { room } = live([[{ type: 'add', body: { by: 3 } }, 'ann', 5]], kindTable([broken]))
  const before = { state: room.snapshot().state, head: room.head, unreleased: room.unreleased }
  expect(() => room.timeout(10, 't' as CommandId)).toThrow('a broken kind')
  expect({ state: room.snapshot().state, head: room.head, unreleased: room.unreleased }).toEqual(before)
})

describe('a kind of a later version', () => {
  // The second version counts in tens what the first counted in ones.
  const second = {
    ...tally,
    version: 2,
    decide: (_: unknown, { body }: { body: { by: number } }) => ({
      entries: [{ type: 'added', body: { by: body.by * 10 } }],
    }),
    upgrade: (entry: Entry, from: number) => {
      expect(from).toBe(1)
      return entry.type === 'added' ? { ...entry, body: { by: (entry.body as { by: number }).by * 10 } } : entry
    },
  } as AnyKind
  const NEW = kindTable([second])
  const { log, snapshots } = live([
    [{ type: 'add', body: { by: 1 } }, 'ann', 1],
    [{ type: 'add', body: { by: 2 } }, 'bob', 2],
  ])

  test('[R10] reads old entries through `upgrade`, notes the change in the log, and reads what follows as it is', () => {
    const restored = Room.restore(ID, loaded(log, null), NEW, 0)
    expect(restored?.upgrade).toBe(true)
    const room = restored?.room ?? restore(log, null, NEW)
    expect(JSON.parse(room.view('everyone'))).toMatchObject({ total: 30 })
    const grown = [...log, room.upgrade(5, 'u' as CommandId)]
    const taken = room.take(
      { room: ID, id: 'n' as CommandId, type: 'add', body: { by: 3 }, by: by('ann'), again: false },
      6,
    )
    if ('entries' in taken) grown.push(...taken.entries)
    expect(JSON.parse(room.view('everyone'))).toMatchObject({ total: 60 })
    const again = Room.restore(ID, loaded(grown, null), NEW, 0)
    expect(again?.upgrade).toBe(false)
    expect(again?.room.snapshot().state).toBe(room.snapshot().state)
    const fromSnapshot = Room.restore(ID, loaded(grown, room.snapshot()), NEW, 0)
    expect(fromSnapshot?.room.snapshot().state).toBe(room.snapshot().state)
    // The old version refuses what the new one wrote, instead of reading it wrong.
    expect(() => Room.restore(ID, loaded(grown, null), KINDS, 0)).toThrow(/cannot read/)
  })

  test('[R10] takes no snapshot of an earlier one', () => {
    for (const snapshot of snapshots) {
      expect(isOutdated(snapshot, NEW)).toBe(true)
      expect(isOutdated(snapshot, KINDS)).toBe(false)
    }
  })

  test('a kind that this node does not have is said so', () => {
    expect(() => Room.restore(ID, loaded(log, null), kindTable([]), 0)).toThrow(/cannot read/)
  })
})
