import { expect, test } from 'vitest'
import { originForOthers } from './origin-for-others.ts'

const LAN = 'http://192.0.2.7:3000'

test.each([
  ['a page on its own machine invites to where phones reach it', 'http://localhost:3000', [LAN], LAN],
  [
    'a page on its own machine without a network invites to itself',
    'http://localhost:3000',
    [],
    'http://localhost:3000',
  ],
  ['a page that others reach invites to itself', 'https://live.example', [LAN], 'https://live.example'],
])('%s', (_what, origin, reachableAt, invited) => {
  expect(originForOthers(new URL(origin), reachableAt)).toBe(invited)
})
