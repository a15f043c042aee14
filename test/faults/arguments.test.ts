import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'
import type { Row } from './row.ts'

const row = (name: string, quick: boolean): Row => ({
  name,
  title: name,
  bar: 'none',
  quick,
  run: () => Promise.reject(new Error('Not run here.')),
})
const table = [row('one', true), row('two', false), row('three', true)]
const named = (...args: string[]) => parseArguments(args, table).rows.map(({ name }) => name)

test('without a name it is all rows, and the short ones with --quick', () => {
  expect(named()).toEqual(['one', 'two', 'three'])
  expect(named('--quick')).toEqual(['one', 'three'])
})

test('rows are named with commas or one by one, and come in the order of the table', () => {
  expect(named('--only', 'three,one')).toEqual(['one', 'three'])
  expect(named('--only', 'two', '--only', 'one', '--quick')).toEqual(['one', 'two'])
})

test('an unknown row is refused with all that there are', () => {
  expect(() => named('--only', 'one,four')).toThrow('there is no row four, only one, two, three')
})
