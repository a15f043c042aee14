import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

const acts = { chat: { inEvent: true }, chess: { inEvent: false, seconds: 7 } }
const good = ['--url', 'http://localhost:3000', '--code', 'ABCD']

test('people and seconds have defaults, and the rate follows the people', () => {
  expect(parseArguments(good, acts)).toEqual({
    url: 'http://localhost:3000',
    kind: 'chat',
    code: 'ABCD',
    people: 200,
    seconds: 20,
    rate: 50,
    json: false,
  })
  expect(parseArguments([...good, '--people', '8', '--seconds', '2.5', '--rate', '3', '--json'], acts)).toMatchObject({
    people: 8,
    seconds: 2.5,
    rate: 3,
    json: true,
  })
})

test('what takes place in no event needs no code', () => {
  expect(parseArguments(['--url', 'http://localhost:3000', '--kind', 'chess'], acts)).toMatchObject({ code: '' })
})

test('what has a time of its own takes that long when nothing is said', () => {
  const chess = ['--url', 'http://localhost:3000', '--kind', 'chess']
  expect(parseArguments(chess, acts)).toMatchObject({ seconds: 7 })
  expect(parseArguments([...chess, '--seconds', '3'], acts)).toMatchObject({ seconds: 3 })
})

test.each([
  [[], '--url is missing'],
  [['--url', 'http://localhost'], '--code is missing'],
  [['--url', 'localhost', '--code', 'A'], '--url is no http(s) address: localhost'],
  [[...good, '--people', '0'], '--people is no number above 0: 0'],
  [[...good, '--people', '1.5'], '--people is no whole number: 1.5'],
  [[...good, '--seconds', 'long'], '--seconds is no number above 0: long'],
  [[...good, '--people', '2', '--rate', '41'], '--rate is above 40'],
  [[...good, '--kind', 'cards'], '--kind is none of chat, chess: cards'],
  [[...good, '--bogus'], '--bogus'],
])('%j is refused in one line', (args, message) => {
  expect(() => parseArguments(args, acts)).toThrow(message)
})
