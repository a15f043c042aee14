import { expect, test } from 'vitest'
import type { CommandId } from '@plenary/kinds'
import { notDense } from './kept.ts'
import type { Probe } from './prober.ts'
import { mishaps, silenceMs } from './stage.ts'

function probe(sentAt: number, at: number, outcome: Probe['outcome'] = { ok: true, seq: 1 }): Probe {
  return { id: `${sentAt}` as CommandId, sentAt, at, outcome }
}
const unavailable = { ok: false, code: 'unavailable', temporary: true } as const
const forbidden = { ok: false, code: 'forbidden', temporary: false } as const

test('the silence of a stretch counts from its beginning to its end, and by what was acknowledged alone', () => {
  const probes = [probe(90, 110), probe(200, 210, unavailable), probe(300, 400), probe(410, 420)]
  expect(silenceMs(probes, 100, 500)).toBe(290)
  expect(silenceMs(probes, 100, 900)).toBe(480)
  expect(silenceMs([], 100, 500)).toBe(400)
})

test('only what is no temporary error is a refusal, and only what had no answer hangs', () => {
  const probes = [
    probe(1, 2),
    probe(2, 3, unavailable),
    probe(3, 4, forbidden),
    probe(4, 5, 'gone'),
    probe(5, 6, 'hung'),
  ]
  expect(mishaps(probes)).toEqual({ refusedProbes: 1, hungProbes: 1 })
})

test('a gap in the log and a place that is taken twice are seen', () => {
  const entries = (...seqs: number[]) =>
    seqs.map((seq) => ({ seq, id: `${seq}` as CommandId, type: 'post', text: null }))
  expect(notDense(entries(1, 2, 3))).toBe(0)
  expect(notDense(entries(1, 2, 4))).toBe(1)
  expect(notDense(entries(1, 2, 2))).toBe(1)
})
