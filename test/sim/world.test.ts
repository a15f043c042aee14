import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Entry } from '@plenary/kinds'
import { BEGAN_AT } from './cast.ts'
import { planOf } from './generate.ts'
import type { Noted, Onlooker } from './happening.ts'
import type { Act, Doing, Plan, Shape } from './plan.ts'
import { run } from './world.ts'
import type { Outcome } from './world.ts'

const FAULT_AT_MS = 4_000
const CALM_AT_MS = 20_000
const LIMITS = {
  dedupePerRoom: 4_096,
  snapshotEntries: 1_000,
  ringBatches: 1_000,
  resumeEntries: 5_000,
  socketConflateBytes: 1024 * 1024,
  socketCloseBytes: 8 * 1024 * 1024,
}

/** Three nodes, two rooms in one shard, three people who say something every 200 ms, and this. */
function planWith(faults: readonly (Doing & { at?: number })[], shape: Partial<Shape> = {}): Plan {
  const acts: Act[] = faults.map((fault) => ({ at: FAULT_AT_MS, ...fault }))
  for (let n = 0; n < 90; n++) {
    const body = { word: `w${n}` }
    acts.push({ at: 1_500 + n * 200, do: 'say', person: n % 3, room: n % 2 === 0 ? 0 : 2, type: 'say', body })
  }
  const whole: Shape = {
    nodes: 3,
    zones: 1,
    shards: 1,
    rooms: 3,
    people: 3,
    log: 'fenced',
    limits: LIMITS,
    calmAtMs: CALM_AT_MS,
    durationMs: CALM_AT_MS + 50_000,
    ...shape,
  }
  return { seed: 7, shape: whole, acts: acts.toSorted((a, b) => a.at - b.at) }
}

interface Seen {
  outcome: Outcome
  happenings: Noted[]
}

async function look(plan: Plan): Promise<Seen> {
  const happenings: Noted[] = []
  const onlooker: Onlooker = {
    note: (happening) => void happenings.push(happening),
    finish: () => {},
    violations: [],
  }
  const outcome = await run(plan, { onlooker, trace: true })
  return { outcome, happenings }
}

const after = (happenings: Noted[], what: Noted['what'], ms = FAULT_AT_MS) =>
  happenings.filter((each) => each.what === what && each.at >= ms)

/** Whoever owns the only shard when the faults come. */
async function ownerIn(plan: Plan): Promise<number> {
  const { happenings } = await look(plan)
  const last = happenings.findLast((each) => each.what === 'acquired' && each.at < FAULT_AT_MS)
  return last?.what === 'acquired' ? last.node : -1
}

test('the same plan gives the same run, to the last step', async () => {
  const plan = planOf(3)
  const [one, other] = [await run(plan, {}), await run(plan, {})]
  expect(other.hash).toBe(one.hash)
  expect(other.steps).toBe(one.steps)
  expect(one.steps).toBeGreaterThan(500)
  expect((await run(planOf(4), {})).hash).not.toBe(one.hash)
})

test('another process comes to the same', async () => {
  const script = `
    const { run } = await import(${JSON.stringify(new URL('world.ts', import.meta.url).href)})
    const { planOf } = await import(${JSON.stringify(new URL('generate.ts', import.meta.url).href)})
    console.log((await run(planOf(5), {})).hash)
    process.exit(0)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  expect(stdout.trim()).toBe((await run(planOf(5), {})).hash)
})

test('without a fault everyone is told that everything was saved, and sees it', async () => {
  const plan = planWith([])
  const { happenings, outcome } = await look(plan)
  expect(after(happenings, 'saved', 0)).toHaveLength(90)
  expect(outcome.figures).toMatchObject({ lost: 0, doubled: 0, late: 0, unknown: 0, landedLate: 0 })
  expect((await run(plan, {})).violations).toEqual([])
})

test('every step is in the trace, and the limits are what they were afterwards', async () => {
  const { outcome } = await look(planWith([]))
  expect(outcome.trace.length).toBeGreaterThanOrEqual(outcome.steps)
})

test.each<[string, (owner: number) => (Doing & { at?: number })[], (seen: Seen, owner: number) => boolean]>([
  [
    'crash',
    (node) => [{ do: 'crash', node }],
    ({ happenings }, owner) =>
      after(happenings, 'node').some((each) => each.what === 'node' && each.node === owner && each.why === 'crash') &&
      after(happenings, 'acquired').some((each) => each.what === 'acquired' && each.node !== owner),
  ],
  [
    'crash-at-call',
    (node) => [{ do: 'crash-at-call', node, call: 5 }],
    ({ happenings }) => after(happenings, 'node').some((each) => each.what === 'node' && each.why === 'crash'),
  ],
  [
    'pause',
    (node) => [{ do: 'pause', node, forMs: 8_000 }],
    ({ happenings }, owner) =>
      !happenings.some(
        (each) =>
          each.at > FAULT_AT_MS + 200 && each.at < FAULT_AT_MS + 7_900 && each.what === 'wrote' && each.node === owner,
      ) && after(happenings, 'acquired').some((each) => each.what === 'acquired' && each.node !== owner),
  ],
  [
    'drain',
    (node) => [{ do: 'drain', node }],
    ({ happenings }) => after(happenings, 'node').some((each) => each.what === 'node' && each.why === 'stop'),
  ],
  [
    'restart',
    (node) => [
      { do: 'crash', node },
      { do: 'restart', node, at: FAULT_AT_MS + 500 },
    ],
    ({ happenings }) =>
      after(happenings, 'node').some((each) => each.what === 'node' && each.up && each.at < CALM_AT_MS),
  ],
  [
    'move',
    (node) => [{ do: 'move', zone: 0, shard: 0, to: (node + 1) % 3 }],
    ({ happenings }, owner) =>
      after(happenings, 'acquired').some((each) => each.what === 'acquired' && each.node === (owner + 1) % 3),
  ],
  [
    'lease-lost',
    (node) => [{ do: 'lease-lost', node }],
    ({ happenings }, owner) =>
      after(happenings, 'acquired').some(
        (each) => each.what === 'acquired' && each.node !== owner && each.at < FAULT_AT_MS + 2_500,
      ),
  ],
  [
    'cut-off from leases',
    (node) => [{ do: 'cut-off', node, from: 'leases', forMs: 8_000 }],
    ({ happenings }, owner) =>
      after(happenings, 'acquired').some((each) => each.what === 'acquired' && each.node !== owner),
  ],
  [
    'cut-off from the log',
    (node) => [{ do: 'cut-off', node, from: 'log', forMs: 3_000 }],
    ({ happenings }) =>
      !after(happenings, 'landed').some((each) => each.at > FAULT_AT_MS + 100 && each.at < FAULT_AT_MS + 2_900),
  ],
  [
    'partition',
    (node) => [{ do: 'partition', a: node, b: (node + 1) % 3, forMs: 3_000 }],
    ({ outcome }) => (outcome.figures['lost'] ?? 0) > 0,
  ],
  [
    'bus-weather',
    () => [{ do: 'bus-weather', lose: 0.2, double: 0.2, late: 0.2, lateMs: 300, forMs: 3_000 }],
    ({ outcome: { figures } }) =>
      (figures['lost'] ?? 0) > 0 && (figures['doubled'] ?? 0) > 0 && (figures['late'] ?? 0) > 0,
  ],
  [
    'log-away',
    // What it does with a call is a matter of chance, and only one of a shard is under way at a time.
    () => Array.from({ length: 12 }, (_, n) => ({ do: 'log-away', forMs: 500, at: FAULT_AT_MS + n * 1_200 })),
    ({ outcome }) => (outcome.figures['turnedDown'] ?? 0) > 0,
  ],
  [
    'append-unknown, never',
    (node) => [{ do: 'append-unknown', node, lands: 'never', lateMs: 0 }],
    ({ outcome: { figures } }) => figures['unknown'] === 1 && figures['landedLate'] === 0,
  ],
  [
    'append-unknown, late',
    (node) => [{ do: 'append-unknown', node, lands: 'late', lateMs: 3_000 }],
    ({ outcome: { figures } }) => figures['unknown'] === 1 && figures['landedLate'] === 1,
  ],
  [
    'wall-jump',
    (node) => [{ do: 'wall-jump', node, byMs: 500_000 }],
    ({ happenings }) =>
      after(happenings, 'landed').some(
        (each) => each.what === 'landed' && (each.batch[0]?.entries[0]?.at ?? 0) > BEGAN_AT + 400_000,
      ),
  ],
  [
    'vanish and return',
    () => [
      { do: 'vanish', person: 1 },
      { do: 'return', person: 1, at: FAULT_AT_MS + 1_000 },
    ],
    ({ happenings }) => after(happenings, 'closed').length === 1 && after(happenings, 'opened').length === 1,
  ],
  [
    'hang-up',
    () => [{ do: 'hang-up', person: 1, silentMs: 100 }],
    ({ happenings }) => after(happenings, 'connected').some((each) => each.what === 'connected' && each.person === 1),
  ],
  [
    'stall',
    () => [{ do: 'stall', person: 1, forMs: 3_000 }],
    ({ happenings }) => {
      const saw = after(happenings, 'saw').filter((each) => each.what === 'saw' && each.person === 1)
      return saw.length > 0 && saw.every((each) => each.at >= FAULT_AT_MS + 3_000)
    },
  ],
  [
    'kick',
    () => [{ do: 'kick', person: 1 }],
    ({ happenings }) => after(happenings, 'kicked').length > 0 && !laterSeen(happenings, 1),
  ],
])('what is to go wrong goes wrong, and nothing is broken by it: %s', async (_name, faultsOf, happened) => {
  const owner = await ownerIn(planWith([]))
  const plan = planWith(faultsOf(owner))
  const seen = await look(plan)
  expect(happened(seen, owner)).toBe(true)
  expect((await run(plan, {})).violations).toEqual([])
})

test('where readers judge, an owner that is over is not told by the log, and what it wrote is in force for nobody', async () => {
  const owner = await ownerIn(planWith([], { log: 'leased' }))
  const plan = planWith([{ do: 'pause', node: owner, forMs: 8_000 }], { log: 'leased' })
  const { happenings } = await look(plan)
  const taken = after(happenings, 'acquired').find((each) => each.what === 'acquired' && each.node !== owner)
  expect(taken).toBeDefined()
  const late = happenings.filter((each) => each.what === 'landed' && each.epoch === 1 && each.at > (taken?.at ?? 0))
  expect(late).toEqual([])
  expect((await run(plan, {})).violations).toEqual([])
})

function laterSeen(happenings: Noted[], person: number): Entry | undefined {
  const late = happenings.find((each) => each.what === 'saw' && each.person === person && each.at > FAULT_AT_MS + 2_000)
  return late?.what === 'saw' ? late.entry : undefined
}

test('[R5] a node that was cut off from the others for over a minute misses nothing, though nobody says anything more', async () => {
  const cut: Doing = { do: 'cut-off', node: 1, from: 'bus', forMs: 90_000 }
  // The last three of the people only listen, and by then the rooms are put away.
  const plan = planWith([cut], { people: 6, calmAtMs: 100_000, durationMs: 150_000 })
  expect((await run(plan, {})).violations).toEqual([])
})
