import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { Turns } from './turns.ts'

/** Receivers that can be added and taken away, and what each of them was told. */
function stage(names: readonly number[], atOnce = 3) {
  const runtime = new TestRuntime()
  const here = new Set(names)
  const told = new Map<number, string[]>()
  let counted = 0
  const turns = new Turns<string, number>(runtime, {
    receivers: () => here,
    tell(name, item) {
      told.set(name, [...(told.get(name) ?? []), item])
      return true
    },
    told: (count) => (counted += count),
    atOnce,
  })
  return { runtime, here, told, turns, counted: () => counted }
}

test('where few are told it is done in one turn, once what came with it is taken in, and nothing is left to do', async () => {
  const { runtime, told, turns, counted } = stage([1, 2])
  turns.add('a')
  expect([told.size, turns.waiting]).toEqual([0, ['a']])
  await runtime.settle()
  expect([...told]).toEqual([
    [1, ['a']],
    [2, ['a']],
  ])
  expect([turns.busy, counted()]).toEqual([false, 2])
})

test('where many are told, so many are in one turn and the others in later ones, and the next item waits for them', () => {
  const { runtime, told, turns } = stage([1, 2, 3, 4, 5])
  const turn: (() => void)[] = []
  runtime.defer = (run) => void turn.push(run)
  turns.add('a')
  turn.shift()?.()
  expect([...told.keys()]).toEqual([1, 2, 3])
  turns.add('b')
  expect([told.get(1), turns.waiting]).toEqual([['a'], ['b']])
  while (turn.length > 0) turn.shift()?.()
  for (const items of told.values()) expect(items).toEqual(['a', 'b'])
  expect([told.size, turns.busy]).toEqual([5, false])
})

test('where it is to be told at once the first of many are told now, unless others have yet to be told of what was before', async () => {
  const { runtime, told, turns } = stage([1, 2, 3, 4, 5])
  turns.add('a', true)
  expect([...told.keys()]).toEqual([1, 2, 3])
  turns.add('b', true)
  for (const items of told.values()) expect(items).toEqual(['a'])
  await runtime.settle()
  for (const items of told.values()) expect(items).toEqual(['a', 'b'])
})

test('[R7] more than may wait does not: the oldest goes out to all before more is taken', () => {
  const { told, turns } = stage([1, 2, 3, 4, 5])
  for (let item = 0; item < 40; item++) turns.add(String(item))
  expect(told.get(5)).toEqual(Array.from({ length: 39 }, (_, item) => String(item)))
})

test('other work has its turn between any two, however much waits', () => {
  const { runtime, turns, counted } = stage([1, 2, 3, 4, 5, 6, 7])
  const turn: (() => void)[] = []
  runtime.defer = (run) => void turn.push(run)
  for (const item of ['a', 'b', 'c']) turns.add(item)
  expect(turn).toHaveLength(1)
  const before = counted()
  turn.shift()?.()
  expect([counted() - before, turn.length]).toEqual([3, 1])
  turn.shift()?.()
  expect([counted() - before, turn.length]).toEqual([6, 1])
})

test('[R2] whoever comes and goes: each who stays is told every item once and in order, and nobody who has gone is told any', async () => {
  type Step = 'tell' | 'turn' | 'come' | 'go'
  const steps = fc.array(fc.constantFrom<Step>('tell', 'tell', 'turn', 'come', 'go'), { maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), steps, async (count, script) => {
      const { runtime, here, told, turns } = stage(Array.from({ length: count }, (_, at) => at))
      const stayed = new Set(here)
      const gone = new Map<number, number>()
      let [items, next] = [0, count]
      for (const step of script) {
        if (step === 'tell') turns.add(String(items++))
        else if (step === 'turn') await runtime.settle()
        else if (step === 'come') here.add(next++)
        else {
          const [first] = here
          if (first === undefined) continue
          here.delete(first)
          stayed.delete(first)
          gone.set(first, told.get(first)?.length ?? 0)
        }
      }
      await runtime.settle()
      const all = Array.from({ length: items }, (_, item) => String(item))
      for (const name of stayed) expect(told.get(name) ?? []).toEqual(all)
      for (const [name, heard] of gone) expect(told.get(name)?.length ?? 0).toBe(heard)
      // Who came in between is told an end of it, without a hole.
      for (const [name, heard] of told) if (!gone.has(name)) expect(heard).toEqual(all.slice(all.length - heard.length))
    }),
  )
})
