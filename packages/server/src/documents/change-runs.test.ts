import type { Entry } from '@plenary/kinds'
import { fromBase64Url } from '@plenary/kinds/base64url'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ChangeRuns } from './change-runs.ts'

/** Entries of people who type one letter each, and what they typed in all. */
function typing() {
  const docs = new Map<string, Y.Doc>()
  let seq = 1
  const write = (name: string, at: number, type = 'update'): [Entry, Uint8Array] => {
    const doc = docs.get(name) ?? new Y.Doc()
    docs.set(name, doc)
    const before = Y.encodeStateVector(doc)
    doc.getText('text').insert(0, 'x')
    const by = { id: name, name, role: 'attendee' }
    return [{ seq: ++seq, at, by, type, body: {}, id: 'x' } as unknown as Entry, Y.encodeStateAsUpdate(doc, before)]
  }
  return { write }
}

const lengthOf = (updates: readonly string[]) => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, fromBase64Url(update) ?? new Uint8Array())
  return doc.getText('text').length
}

test('what one person writes without a pause is one run; what brought a text back, and what has a name, stands by itself', () => {
  const { write } = typing()
  const runs = new ChangeRuns(1)
  for (const at of [0, 1_000, 2_000]) runs.add(...write('Ann', at))
  runs.add(...write('Ann', 90_000))
  runs.add(...write('Bob', 91_000))
  runs.end()
  runs.add(...write('Bob', 92_000))
  runs.add(...write('Bob', 93_000, 'restored'))
  runs.add(...write('Bob', 94_000))
  const all = runs.all()
  expect(all.map(({ people, after, through, restored }) => [people[0]?.name, after, through, restored])).toEqual([
    ['Ann', 1, 4, false],
    ['Ann', 4, 5, false],
    ['Bob', 5, 6, false],
    ['Bob', 6, 7, false],
    ['Bob', 7, 8, true],
    ['Bob', 8, 9, false],
  ])
  expect(lengthOf(all.map(({ update }) => update))).toBe(8)
})

test('however many there were, they are few, in order, with all that was written, and end where a name stands', () => {
  const { write } = typing()
  const runs = new ChangeRuns(1)
  const ends: number[] = []
  for (let index = 0; index < 5_000; index++) {
    const [entry, update] = write(`Person ${index % 7}`, index)
    runs.add(entry, update)
    if (index % 1_000 !== 500) continue
    runs.end()
    ends.push(entry.seq)
  }
  const all = runs.all()
  expect(all.length).toBeLessThanOrEqual(1_000)
  expect(all.map(({ after }) => after)).toEqual([1, ...all.slice(0, -1).map(({ through }) => through)])
  expect(all.map(({ through }) => through)).toEqual(expect.arrayContaining(ends))
  expect(lengthOf(all.map(({ update }) => update))).toBe(5_000)
})
