import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'
import { BENCHMARKS } from './benchmarks.ts'
import type { Benchmark, Outcome } from './benchmark.ts'
import { chart } from './chart.ts'
import { regressions } from './committed.ts'
import { figures } from './document.ts'
import { reportOf } from './report.ts'

const benchmark: Benchmark = {
  name: 'some',
  what: 'something',
  bar: '≤ 0.5 × theirs',
  unit: 'µs',
  better: 'less',
  quick: true,
  run: () => Promise.reject(new Error('not run here')),
}

const outcome = (ratio: number, times: number): Outcome => ({
  sides: [
    { name: 'Plenary', value: 1_234.567 },
    { name: 'theirs', value: 1_234.567 / ratio },
  ],
  held: [
    { name: 'of theirs', value: ratio, atMost: 0.5, ratio: true },
    { name: 'times others', value: times, atLeast: 20, ratio: true },
    { name: 'bytes', value: 10_000, atMost: 10_240, ratio: false },
  ],
  rounds: 5,
  figures: { sockets: 1_000 },
})
const report = (ratio: number, times: number) => reportOf(benchmark, outcome(ratio, times), 10)

test('a report passes when every bar is held, and says which is not', () => {
  expect(report(0.4, 21)).toMatchObject({ bench: 'some', ours: 1_235, ratio: 0.4, pass: true, rounds: 5 })
  const missed = report(0.4, 19)
  expect(missed.pass).toBe(false)
  expect(missed.held.map(({ pass }) => pass)).toEqual([true, false, true])
  expect(report(0.51, 21).pass).toBe(false)
})

test('only a ratio that is worse by more than 30 % is a regression, whichever way is worse', () => {
  const committed = { ...report(0.4, 30), machine: 'm', commit: 'c' }
  expect(regressions(report(0.5, 24), committed)).toEqual([])
  expect(regressions(report(0.53, 30), committed)).toEqual(['of theirs is 0.53, and was 0.4'])
  expect(regressions(report(0.1, 22), committed)).toEqual(['times others is 22, and was 30'])
  expect(regressions(report(9, 1), undefined)).toEqual([])
})

test('the table and the chart show every side', () => {
  const row = { ...report(0.4, 30), machine: 'm', commit: 'c' }
  expect(figures([row])).toMatch(/\| `some` +\| something \(µs\) \| Plenary 1,235 \|/)
  expect(figures([row])).toContain('Measured on m, commit c: some.')
  const drawn = chart([row])
  expect(drawn).toContain('prefers-color-scheme: dark')
  expect([...drawn.matchAll(/<rect class="bar/g)]).toHaveLength(2)
})

test('names are taken in the order of the table, and a wrong one is told', () => {
  expect(parseArguments(['storm', 'fanout-one'], BENCHMARKS).benchmarks.map(({ name }) => name)).toEqual([
    'fanout-one',
    'storm',
  ])
  expect(parseArguments(['--quick'], BENCHMARKS).benchmarks.every(({ quick }) => quick)).toBe(true)
  expect(parseArguments([], BENCHMARKS).benchmarks).toEqual(BENCHMARKS)
  expect(() => parseArguments(['nothing'], BENCHMARKS)).toThrow('there is no benchmark nothing')
  expect(() => parseArguments(['--quick', '--write'], BENCHMARKS)).toThrow('not written down')
})
