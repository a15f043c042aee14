import type { CommandId, Entry, Json, RoomId } from '@plenary/kinds'
import { describe, expect, test } from 'vitest'
import type { Sees, StoredEntry } from '../../packages/engine/src/log/log.ts'
import { BEGAN_AT, KIND, roomOf, userOf } from './cast.ts'
import { createChecker } from './checker.ts'
import type { Ending, Happening, RoomAtEnd } from './happening.ts'
import type { Act, Plan, Shape } from './plan.ts'

/** Everyone's room, and one of which person 0 is no member. */
const ROOM = roomOf(0)
const CLOSED = roomOf(1)
const SHARD = 'zone-0/0'
/** Person 0 is of the staff, person 1 is not. */
const STAFF = 0
const GUEST = 1

function planOf(acts: Act[] = [], shape: Partial<Shape> = {}): Plan {
  const limits = {
    dedupePerRoom: 4_096,
    snapshotEntries: 1_000,
    ringBatches: 1_000,
    resumeEntries: 5_000,
    socketConflateBytes: 1e6,
    socketCloseBytes: 8e6,
  }
  const size = { nodes: 2, zones: 1, shards: 1, rooms: 2, people: 3, calmAtMs: 20_000, durationMs: 40_000 }
  return { seed: 1, shape: { ...size, log: 'fenced', limits, ...shape }, acts }
}

/** A history by hand, and what the checker says to it. */
class Story {
  readonly #checker
  readonly #entries: StoredEntry[] = []
  #at = 0
  #step = 0

  constructor(plan = planOf()) {
    this.#checker = createChecker(plan)
    this.note({ what: 'acquired', shard: SHARD, epoch: 1, node: 0 })
    this.lands(entry(1, '$created', {}, { sees: 'nobody', id: 'genesis' }))
  }

  get promises(): string[] {
    return [...new Set(this.#checker.violations.map(({ promise }) => promise))]
  }

  at(ms: number): this {
    this.#at = ms
    return this
  }

  note(...happenings: Happening[]): this {
    for (const happening of happenings) this.#checker.note({ ...happening, at: this.#at, step: ++this.#step })
    return this
  }

  lands(...entries: StoredEntry[]): this {
    return this.landsAt(1, (entries[0]?.seq ?? 1) - 1, ...entries)
  }

  landsAt(epoch: number, after: number, ...entries: StoredEntry[]): this {
    this.#entries.push(...entries)
    return this.note({
      what: 'landed',
      shard: SHARD,
      epoch,
      node: 0,
      batch: [{ room: ROOM, after, entries, deadline: null }],
    })
  }

  /** What a person's gateway writes to them. */
  batch(person: number, after: number, through: number, ...entries: StoredEntry[]): this {
    const body = { room: ROOM, after, through, entries: entries.map(read) }
    return this.note({ what: 'wrote', connection: `c${person}`, person, node: 0, message: { name: 'batch', body } })
  }

  joins(person: number, seq: number, view: unknown, room: RoomId = ROOM): this {
    const cursor = { log: 'log' as never, seq }
    const answer = { ok: true as const, kind: 'tally', role: 'attendee' as const, cursor, view: view as Json }
    return this.note(
      { what: 'connected', connection: `c${person}`, person, node: 0 },
      { what: 'joined', connection: `c${person}`, person, node: 0, request: { room }, answer },
    )
  }

  asks(person: number, id: string, type: string): this {
    return this.note({ what: 'asked', person, room: ROOM, id, type, body: {} })
  }

  ends(people: { person: number; open?: boolean; rooms: RoomAtEnd[] }[] = [], change: Partial<Ending> = {}): this {
    const rooms = [{ room: ROOM, entries: this.#entries }]
    const now = BEGAN_AT + this.#at
    this.#checker.finish({ now, rooms, people: people.map((each) => ({ open: true, ...each })), ...change })
    return this
  }
}

interface Details {
  id?: string
  sees?: Sees
  at?: number
  by?: number
}

function entry(
  seq: number,
  type: string,
  body: Json,
  { id = `c-${seq}`, sees = 'everyone', at = 0, by = STAFF }: Details = {},
): StoredEntry {
  const author = { id: userOf(by), name: 'n', role: 'attendee' as const }
  const json: Entry = { seq, at: BEGAN_AT + at, by: author, type, body, id: id as CommandId }
  return { seq, id: id as CommandId, at: BEGAN_AT + at, sees, about: null, json: JSON.stringify(json) }
}

const said = (seq: number, details: Details = {}) => entry(seq, 'said', { word: `w${seq}` }, details)
const read = ({ json }: StoredEntry) => JSON.parse(json) as Entry

/** The view once these are folded in. */
function view(audience: 'everyone' | 'staff', ...entries: StoredEntry[]): Json {
  let state = KIND.initial({})
  for (const each of entries) state = KIND.evolve(state, read(each) as never)
  return JSON.parse(JSON.stringify(KIND.view(state, audience))) as Json
}

const copy = (seq: number, shown: Json, more: Partial<RoomAtEnd> = {}): RoomAtEnd => {
  return { room: ROOM, state: 'live', seq, view: shown, mine: null, unsettled: [], ...more }
}

const failure = { ok: false as const, code: 'refused' as const, message: '', temporary: false, reason: 'never' }

/** A story with one entry that person 1 may see, and their page open on it. */
const begun = (plan?: Plan) =>
  new Story(plan)
    .note({ what: 'opened', person: GUEST })
    .joins(GUEST, 1, view('everyone'))
    .lands(said(2))
    .batch(GUEST, 1, 2, said(2))

const saw = (seen: StoredEntry, person = GUEST): Happening => ({ what: 'saw', person, room: ROOM, entry: read(seen) })
const saved = (id: string, seq: number | null): Happening => ({ what: 'saved', person: GUEST, room: ROOM, id, seq })
const refused = (id: string): Happening => ({ what: 'refused', person: GUEST, room: ROOM, id, failure })
const answered = (id: string, type: string, seq: number): Happening => {
  const request = { room: ROOM, id, type, body: {} }
  return { what: 'answered', connection: 'c1', person: GUEST, node: 0, request, answer: { ok: true, seq } }
}
const snapshot = (seq: number, ...entries: StoredEntry[]): Happening => {
  let state = KIND.initial({})
  for (const each of entries) state = KIND.evolve(state, read(each) as never)
  return {
    what: 'snapshot',
    shard: SHARD,
    epoch: 1,
    room: ROOM,
    snapshot: { seq, version: 1, state: JSON.stringify({ state }) },
  }
}

test('a run that keeps every promise is told so', () => {
  const two = said(2)
  const whisper = entry(3, 'whispered', { word: 'psst', to: userOf(GUEST) }, { sees: `only:${userOf(GUEST)}` })
  const note = entry(4, 'noted', { word: 'n' }, { sees: 'staff' })
  const five = said(5)
  const story = new Story()
    .note({ what: 'opened', person: GUEST })
    .joins(GUEST, 1, view('everyone'))
    .joins(STAFF, 1, view('staff'))
    .asks(GUEST, two.id, 'say')
    .lands(two)
    .batch(GUEST, 1, 2, two)
    .note(answered(two.id, 'say', 2), saw(two), saved(two.id, 2), snapshot(2, two))
    .lands(whisper, note, five)
    .batch(GUEST, 2, 5, whisper, five)
    .batch(STAFF, 0, 5, two, note, five)
    .note(saw(whisper), saw(five))
    .asks(GUEST, 'no', 'never')
    .note(refused('no'))
    .ends([{ person: GUEST, rooms: [copy(5, view('everyone', two, whisper, note, five))] }])
  expect(story.promises).toEqual([])
})

test('a jump that was told is no gap', () => {
  const story = begun()
    .note(saw(said(2)))
    .lands(said(3), said(4))
    .note({ what: 'jumped', person: GUEST, room: ROOM, from: 2, to: 4 })
    .ends([{ person: GUEST, rooms: [copy(4, view('everyone', said(2), said(3), said(4)))] }])
  expect(story.promises).toEqual([])
})

const bar = entry(3, 'barred', { user: userOf(GUEST) }, { sees: 'staff' })
const wake = (seq: number, at: number) => entry(seq, 'set', { at: BEGAN_AT + at })
const woke = (seq: number, at: number) => entry(seq, 'woke', {}, { at })
const whisperToStaff = entry(3, 'whispered', { word: 'psst', to: userOf(STAFF) }, { sees: `only:${userOf(STAFF)}` })

const broken: [promise: string, how: string, story: () => Story][] = [
  ['R1', 'a saved command whose entries are nowhere', () => begun().asks(GUEST, 'x', 'say').note(saved('x', 3))],
  ['R1', 'a durable entry that is gone at the end', () => begun().ends([], { rooms: [{ room: ROOM, entries: [] }] })],
  ['R1', 'a room that is gone at the end', () => begun().ends([], { rooms: [] })],
  ['R2', 'an append that leaves a hole', () => begun().landsAt(1, 3, said(4))],
  ['R2', 'an append over what is there', () => begun().landsAt(1, 1, said(2, { id: 'other' }))],
  ['R2', 'an entry from before the one ahead of it', () => begun().lands(said(3, { at: -1 }))],
  ['R2', 'an entry that a page is told twice', () => begun().note(saw(said(2)), saw(said(2)))],
  [
    'R2',
    'an entry that a page is told otherwise than it is',
    () => begun().note(saw(entry(2, 'said', { word: 'other' }))),
  ],
  ['R3', 'a command that is carried out twice', () => begun().lands(said(3, { id: 'c-2' }))],
  [
    'R3',
    'a command with more entries than it has',
    () =>
      begun()
        .asks(GUEST, 'x', 'say')
        .lands(said(3, { id: 'x' }), said(4, { id: 'x' }))
        .ends(),
  ],
  [
    'R3',
    'an acknowledgement of another place',
    () =>
      begun()
        .lands(said(3))
        .note(answered('c-2', 'say', 3)),
  ],
  [
    'R4',
    'an append of an epoch that is over',
    () => begun().note({ what: 'acquired', shard: SHARD, epoch: 2, node: 1 }).landsAt(1, 2, said(3)),
  ],
  ['R4', 'an epoch that begins twice', () => begun().note({ what: 'acquired', shard: SHARD, epoch: 1, node: 1 })],
  [
    'R4',
    'entries that nobody is known to have written',
    () =>
      begun().ends([], {
        rooms: [
          { room: ROOM, entries: [entry(1, '$created', {}, { sees: 'nobody', id: 'genesis' }), said(2), said(3)] },
        ],
      }),
  ],
  ['R5', 'a batch that leaves out what came before', () => begun().lands(said(3), said(4)).batch(GUEST, 3, 4, said(4))],
  ['R5', 'a batch without one of its entries', () => begun().lands(said(3), said(4)).batch(GUEST, 2, 4, said(4))],
  [
    'R5',
    'a page that is never told an entry',
    () =>
      begun()
        .lands(said(3))
        .note(saw(said(2)))
        .lands(said(4))
        .note(saw(said(4))),
  ],
  [
    'R5',
    'a jump from further on than the page was',
    () =>
      begun()
        .note(saw(said(2)))
        .lands(said(3), said(4))
        .note({ what: 'jumped', person: GUEST, room: ROOM, from: 3, to: 4 }),
  ],
  [
    'R5',
    'a page that has another view at the end',
    () => begun().ends([{ person: GUEST, rooms: [copy(2, view('everyone'))] }]),
  ],
  [
    'R5',
    'a page that has not got the last entry',
    () =>
      begun()
        .lands(said(3))
        .note(saw(said(2)))
        .ends([{ person: GUEST, rooms: [copy(2, view('everyone', said(2)))] }]),
  ],
  [
    'R5',
    'a page that is not back',
    () => begun().ends([{ person: GUEST, rooms: [copy(0, null, { state: 'joining' })] }]),
  ],
  [
    'R6',
    'a staff entry in everyone’s batch',
    () =>
      begun()
        .lands(entry(3, 'noted', { word: 'n' }, { sees: 'staff' }))
        .batch(GUEST, 2, 3, entry(3, 'noted', { word: 'n' })),
  ],
  [
    'R6',
    'an entry for one person in another’s batch',
    () => begun().lands(whisperToStaff).batch(GUEST, 2, 3, whisperToStaff),
  ],
  ['R6', 'the staff’s view for a guest', () => new Story().joins(GUEST, 1, view('staff'))],
  ['R6', 'a room of which one is no member', () => new Story().joins(STAFF, 0, view('everyone'), CLOSED)],
  [
    'R6',
    'a batch without a join',
    () => new Story().note({ what: 'connected', connection: 'c1', person: GUEST, node: 0 }).batch(GUEST, 0, 1),
  ],
  ['R6', 'an entry for one who is barred', () => begun().lands(bar, said(4)).batch(GUEST, 2, 4, said(4))],
  [
    'R6',
    'a batch for one who has lost the right to the event',
    () => begun().note({ what: 'kicked', node: 0, person: GUEST }).lands(said(3)).batch(GUEST, 2, 3, said(3)),
  ],
  [
    'R6',
    'a connection for one who has lost the right to the event',
    () =>
      begun()
        .note({ what: 'kicked', node: 0, person: GUEST })
        .note({ what: 'connected', connection: 'c9', person: GUEST, node: 0 }),
  ],
  ['R10', 'a snapshot that is not what a replay comes to', () => begun().note(snapshot(1, said(2)))],
  ['R10', 'a view that is not what the log comes to', () => begun().joins(GUEST, 2, view('everyone'))],
  ['R11', 'a batch of what is not durable', () => begun().batch(GUEST, 2, 3, said(3))],
  ['R11', 'an acknowledgement of what is not durable', () => begun().note(answered('x', 'say', 3))],
  [
    'R11',
    'an acknowledgement that names a durable place, and is of nothing',
    () => begun().note(answered('x', 'say', 2)),
  ],
  ['R11', 'a snapshot of what is not durable', () => begun().note(snapshot(3, said(2), said(3)))],
  ['R11', 'a page that is told what is not durable', () => begun().note(saw(said(3)))],
  [
    'R12',
    'a refused command that was carried out',
    () => begun().asks(GUEST, 'c-2', 'say').note(refused('c-2')).ends(),
  ],
  [
    'R12',
    'a saved command that is then refused',
    () => begun().asks(GUEST, 'c-2', 'say').note(saved('c-2', 2), refused('c-2')),
  ],
  [
    'R12',
    'a command of which nothing was ever told',
    () =>
      begun()
        .asks(GUEST, 'x', 'say')
        .ends([{ person: GUEST, rooms: [] }]),
  ],
  [
    'R12',
    'a command that still waits at the end',
    () =>
      begun()
        .note(saw(said(2)))
        .ends([{ person: GUEST, rooms: [copy(2, view('everyone', said(2)), { unsettled: ['x'] })] }]),
  ],
  [
    'deadline',
    'a deadline that fires twice',
    () => begun().lands(wake(3, 100)).lands(woke(4, 100)).lands(woke(5, 200)),
  ],
  ['deadline', 'a deadline that fires too soon', () => begun().lands(wake(3, 100)).lands(woke(4, 99))],
  ['deadline', 'a deadline that does not fire', () => begun().lands(wake(3, 100)).at(20_000).ends()],
]

test.each(broken)('[%s] is broken by %s', (promise, _, story) => {
  expect(story().promises).toEqual([promise])
})

describe('[R8] a room whose owner has died alone', () => {
  const crash: Act = { at: 8_000, do: 'crash', node: 1 }
  const waits = (plan: Plan) =>
    begun(plan).at(7_000).asks(GUEST, 'x', 'say').at(8_000).note({ what: 'node', node: 1, up: false, why: 'crash' })

  test('must take commands again within the lease’s time to live and two seconds', () => {
    const late = waits(planOf([crash]))
      .at(15_001)
      .note(saw(said(2)))
    expect(late.promises).toEqual(['R8'])
    const inTime = waits(planOf([crash]))
      .at(14_900)
      .lands(said(3, { id: 'x' }))
      .note(saved('x', 3))
      .at(15_001)
      .note(saw(said(2)))
    expect(inTime.promises).toEqual([])
  })

  test('may take longer when more is wrong, or nobody is left', () => {
    const more = planOf([{ at: 7_500, do: 'log-away', forMs: 4_000 }, crash])
    expect(
      waits(more)
        .at(15_001)
        .note(saw(said(2))).promises,
    ).toEqual([])
    const alone = planOf([crash], { zones: 2 })
    expect(
      waits(alone)
        .at(15_001)
        .note(saw(said(2))).promises,
    ).toEqual([])
  })
})
