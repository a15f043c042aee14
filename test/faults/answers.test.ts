import { expect, test } from 'vitest'
import { Answers } from './answers.ts'

test('the longest silence is counted from the fault on, up to the end when nothing comes back', () => {
  const answers = new Answers()
  for (const at of [10, 20, 30, 400, 410]) answers.add(at - 5, at)
  expect(answers.longestSilenceMs({ from: 25, to: 420 })).toBe(370)
  expect(answers.longestSilenceMs({ from: 35, to: 420 })).toBe(365)
  expect(answers.longestSilenceMs({ from: 405, to: 1_000 })).toBe(590)
})

test('the slowest command is one that was under way in the stretch', () => {
  const answers = new Answers()
  answers.add(0, 90)
  answers.add(95, 700)
  answers.add(800, 900)
  expect(answers.slowestMs({ from: 100, to: 500 })).toBe(605)
  expect(answers.slowestMs({ from: 710, to: 750 })).toBe(0)
})
