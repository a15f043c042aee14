import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OVER_SHARE_MS, claimsNow, heirsOf } from './share.ts'

const question = { me: 'a', nodes: ['a', 'b', 'c'], shards: 12, held: 0, patienceMs: 200 }
const free = (count: number, freeForMs = 0, wanted: string | null = null) =>
  Array.from({ length: count }, (_, shard) => ({ shard, wanted, freeForMs }))

describe('the claims of a node', () => {
  test('a node alone claims everything at once', () => {
    const { claim, againInMs } = claimsNow({ ...question, nodes: ['a'], free: free(12) })
    expect(claim).toHaveLength(12)
    expect(againInMs).toBeNull()
  })

  test('no two nodes claim one shard at once, and none more than its share', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }), (nodes) => {
        const claims = nodes.flatMap((me) => {
          const { claim } = claimsNow({ ...question, me, nodes, shards: 64, free: free(64) })
          expect(claim.length).toBeLessThanOrEqual(Math.ceil(64 / nodes.length))
          return claim
        })
        expect(new Set(claims).size).toBe(claims.length)
      }),
    )
  })

  test('what another node should take is tried for a moment later', () => {
    const early = claimsNow({ ...question, free: free(12) })
    expect(early.claim.length).toBeLessThan(4)
    expect(early.againInMs).toBe(200)
    expect(claimsNow({ ...question, free: free(12, 200) }).claim).toHaveLength(4)
  })

  test('a node with its share takes more only when nobody else does', () => {
    expect(claimsNow({ ...question, held: 4, free: free(1, OVER_SHARE_MS) }).claim).toEqual([])
    expect(claimsNow({ ...question, held: 4, free: free(1, OVER_SHARE_MS + 200) }).claim).toEqual([0])
  })

  test('a wanted shard goes to the node that is to have it, at once and beyond its share, while that node lives', () => {
    expect(claimsNow({ ...question, held: 9, free: free(1, 0, 'a') }).claim).toEqual([0])
    expect(claimsNow({ ...question, free: free(1, 999, 'b') }).claim).toEqual([])
    expect(claimsNow({ ...question, free: free(1, 999, 'gone') }).claim).toEqual([0])
  })

  test('what was tried for just now is not tried again yet', () => {
    const { claim, againInMs } = claimsNow({ ...question, nodes: ['a'], free: free(1, -150) })
    expect(claim).toEqual([])
    expect(againInMs).toBe(150)
  })
})

test('the shards of a node that leaves go to those with the fewest', () => {
  const heirs = heirsOf(
    [1, 2, 3, 4],
    new Map([
      ['b', 0],
      ['c', 3],
    ]),
  )
  const to = (node: string) => [...heirs.values()].filter((heir) => heir === node).length
  expect([to('b'), to('c')]).toEqual([4, 0])
  expect(heirsOf([1], new Map())).toEqual(new Map())
})
