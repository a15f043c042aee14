import type { Audience } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { TestRuntime } from '../testing/runtime-manual.ts'
import { Digests } from './digests.ts'
import { frameOnce } from './outgoing.ts'

function paced() {
  const runtime = new TestRuntime()
  const told: [at: number, audience: Audience, text: string][] = []
  const digests = new Digests(runtime, 250, (audience, digest) =>
    told.push([runtime.monotonic() - start, audience, digest.text]),
  )
  const start = runtime.monotonic()
  return { runtime, digests, told, hear: (audience: Audience, text: string) => digests.hear(audience, digest(text)) }
}

const digest = (text: string) => frameOnce(new TextEncoder().encode(text))

test('digests that come all at once are told at the pace of the kind, and of those in between only the newest', async () => {
  const { runtime, told, hear } = paced()
  for (const text of ['1', '2', '3']) hear('everyone', text)
  expect(told).toEqual([[0, 'everyone', '1']])
  await runtime.advance(249)
  hear('everyone', '4')
  expect(told).toHaveLength(1)
  await runtime.advance(1_000)
  expect(told).toEqual([
    [0, 'everyone', '1'],
    [250, 'everyone', '4'],
  ])
})

test('after a while of silence a digest is told at once, and each audience has its own pace', async () => {
  const { runtime, told, hear } = paced()
  hear('everyone', '1')
  await runtime.advance(100)
  hear('staff', 's1')
  await runtime.advance(300)
  hear('everyone', '2')
  expect(told).toEqual([
    [0, 'everyone', '1'],
    [100, 'staff', 's1'],
    [400, 'everyone', '2'],
  ])
})

test('who comes in gets the newest, also one that the others are told only later; a closed room tells nothing more', async () => {
  const { runtime, digests, told, hear } = paced()
  expect(digests.newest('everyone')).toBeUndefined()
  hear('everyone', '1')
  hear('everyone', '2')
  expect(digests.newest('everyone')?.text).toBe('2')
  digests.close()
  hear('everyone', '3')
  await runtime.advance(1_000)
  expect(told).toEqual([[0, 'everyone', '1']])
})
