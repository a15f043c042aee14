import { expect, test } from 'vitest'
import { PLANTS } from '../plants.ts'
import { parseArguments } from './arguments.ts'

test('without a word it runs a thousand seeds from the first', () => {
  expect(parseArguments([])).toMatchObject({ mode: 'seeds', from: 1, seeds: 1_000, json: false })
})

test('one seed, or one plan, is replayed, with a bug in it where that is asked for', () => {
  expect(parseArguments(['--seed', '42'])).toMatchObject({ mode: 'replay', from: 42, plants: [] })
  expect(parseArguments(['--plan', 'x.json'])).toMatchObject({ mode: 'replay', planFile: 'x.json' })
  const planted = parseArguments(['--seed', '42', '--plant', 'ack-before-durable'])
  expect(planted.mode).toBe('replay')
  expect(planted.plants.map(({ name }) => name)).toEqual(['ack-before-durable'])
})

test('all planted bugs are all of them', () => {
  expect(parseArguments(['--plant', 'all', '--seeds', '10'])).toMatchObject({
    mode: 'plants',
    plants: PLANTS,
    seeds: 10,
  })
})

test.each([
  [['--seeds', '0'], '--seeds must be a whole number from 1'],
  [['--from', '-1'], '--from'],
  [['--jobs', 'many'], '--jobs'],
  [['--plant', 'none'], '--plant must be all or one of ack-before-durable'],
  [['--what'], '--what'],
])('%j is refused in words', (args, words) => {
  expect(() => parseArguments(args)).toThrow(words)
})
