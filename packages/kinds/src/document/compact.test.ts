import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { compact as compactAll } from './compact.ts'

const compact = (updates: readonly Uint8Array[]) => compactAll(updates).update

/** One act of one of those who write; `hears`: how much of what others wrote it has by then. */
interface Step {
  who: number
  hears: number
  act: number
  place: number
  length: number
}

const nat = (max: number) => fc.nat({ max })
const steps = fc.array(fc.record<Step>({ who: nat(3), hears: nat(9), act: nat(9), place: nat(400), length: nat(6) }), {
  minLength: 1,
  maxLength: 60,
})

function change(doc: Y.Doc, { act, place, length }: Step): void {
  const page = doc.getXmlFragment('page')
  const text = doc.getText('text')
  const list = doc.getArray('list')
  const within = (count: number) => place % (count + 1)
  const element = page.length === 0 ? null : page.get(place % page.length)
  switch (act) {
    case 0:
      return text.delete(within(text.length), Math.min(length * 3, text.length - within(text.length)))
    case 1:
      return text.format(within(text.length), Math.min(length, text.length - within(text.length)), {
        bold: place % 2 === 0 || null,
      })
    case 2: {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText('word '.repeat(length + 1))])
      return page.insert(within(page.length), [paragraph])
    }
    case 3:
      return page.length === 0 ? undefined : page.delete(place % page.length, 1)
    case 4:
      return element instanceof Y.XmlElement ? element.setAttribute('align', String(place)) : undefined
    case 5: {
      const words = element instanceof Y.XmlElement ? element.get(0) : null
      return words instanceof Y.XmlText ? words.insert(within(words.length), 'deep '.slice(0, length)) : undefined
    }
    case 6:
      return list.insert(
        within(list.length),
        Array.from({ length: length + 1 }, (_, index) => index),
      )
    case 7:
      return list.delete(within(list.length), Math.min(length, list.length - within(list.length)))
    case 8:
      doc.getMap('map').set(`key ${place % 3}`, place)
      return
    default:
      return text.insert(within(text.length), '😀é '.repeat(length + 1))
  }
}

/** What they write, as the log has it: each update rests on what lies before it. */
function write(all: readonly Step[]): Uint8Array[] {
  const log: Uint8Array[] = []
  const writers = [11, 7, 300, 5].map((clientID) => {
    const doc = new Y.Doc()
    doc.clientID = clientID
    return { doc, heard: 0 }
  })
  for (const step of all) {
    const writer = writers[step.who]
    if (writer === undefined) continue
    for (let left = step.hears; left > 0 && writer.heard < log.length; left--)
      Y.applyUpdate(writer.doc, log[writer.heard++] ?? new Uint8Array())
    const updates: Uint8Array[] = []
    const note = (update: Uint8Array) => updates.push(update)
    writer.doc.on('update', note)
    writer.doc.transact(() => change(writer.doc, step))
    writer.doc.off('update', note)
    log.push(...updates)
  }
  return log
}

function read(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

function shown(doc: Y.Doc): unknown {
  return {
    page: doc.getXmlFragment('page').toJSON(),
    text: doc.getText('text').toDelta() as unknown,
    list: doc.getArray('list').toJSON(),
    map: doc.getMap('map').toJSON(),
    isWhole: doc.store.pendingStructs === null && doc.store.pendingDs === null,
  }
}

/** Parts of the log, each compacted, and some of them once more together. */
function inParts(log: readonly Uint8Array[], cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (log.length + 1)).toSorted((a, b) => a - b), log.length]
  const parts = places.slice(1).map((end, index) => compact(log.slice(places[index], end)))
  return parts.length > 2 ? [compact(parts.slice(0, 2)), ...parts.slice(2)] : parts
}

test('whoever reads compacted parts of a log has what the whole log says, and what nobody has heard of yet fits in', () => {
  fc.assert(
    fc.property(steps, fc.array(nat(200), { maxLength: 4 }), nat(60), (all, cuts, late) => {
      const log = write(all)
      const known = log.slice(0, Math.max(0, log.length - late))
      const [plain, compacted] = [read(known), read(inParts(known, cuts))]
      expect(shown(compacted)).toEqual(shown(plain))
      expect(Y.equalSnapshots(Y.snapshot(compacted), Y.snapshot(plain))).toBe(true)
      for (const update of log.slice(known.length)) for (const doc of [plain, compacted]) Y.applyUpdate(doc, update)
      expect(shown(compacted)).toEqual(shown(plain))
    }),
    { numRuns: 300 },
  )
})

test('what was told twice counts once, as it was told first', () => {
  fc.assert(
    fc.property(steps, nat(200), nat(200), (all, from, to) => {
      const log = write(all)
      const again = Y.encodeStateAsUpdate(read(log.slice(0, to % (log.length + 1))))
      const repeated = log.toSpliced(Math.max(to % (log.length + 1), from % (log.length + 1)), 0, again)
      expect(shown(read([compact(repeated)]))).toEqual(shown(read(log)))
    }),
  )
})

test('the same parts come to the same bytes, and a whole one stays as it is', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const log = write(all)
      const whole = compact(log)
      expect(compact(log)).toEqual(whole)
      expect(compact([whole])).toEqual(whole)
    }),
  )
})

test('what was typed letter by letter and what was deleted take no room of their own', () => {
  const doc = new Y.Doc()
  const log: Uint8Array[] = []
  doc.on('update', (update) => log.push(update))
  const text = doc.getText('text')
  for (let index = 0; index < 2_000; index++) {
    text.insert(text.length, 'abcdefgh')
    if (text.length > 80) text.delete(0, 8)
  }
  expect(compact(log).length).toBeLessThan(200)
})
