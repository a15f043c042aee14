import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { fromBase64Url, toBase64Url } from '../base64url.ts'
import { contentOf, emptyContent, flawOf, grow } from './content.ts'
import { DOCUMENT_LIMITS, type Person } from './model.ts'

const PEOPLE = 50
const UPDATES = 20_000
const MARGIN_CHARS = 80
const TAIL = { updates: DOCUMENT_LIMITS.tailUpdates, chars: DOCUMENT_LIMITS.tailChars }

test('what is kept of a document stays as small as its text, however long it was written in, and so does what a joiner is given', () => {
  const content = emptyContent()
  const take = (update: Uint8Array, by: Person) => {
    const text = toBase64Url(update)
    expect(flawOf(content, text, by.id)).toBeNull()
    grow(content, text, by, TAIL)
  }
  const writers = Array.from({ length: PEOPLE }, (_, number) => {
    const doc = new Y.Doc()
    doc.clientID = number + 1
    const by = { id: `user-${number}` as Person['id'], name: `Person ${number}` }
    doc.on('update', (update) => take(update, by))
    return { doc, text: doc.getText(`margin-${number % 10}`) }
  })
  const [first] = writers
  first?.doc.getText('text').insert(0, 'lorem ipsum '.repeat(20_000))
  const given = () => {
    const { base, tail } = contentOf(content)
    return { chars: [base, ...tail].reduce((sum, { length }) => sum + length, 0), pieces: tail.length + 1 }
  }
  const begun = given().chars
  let most = { chars: 0, pieces: 0 }
  for (let number = 0; number < UPDATES; number++) {
    const { doc, text } = writers[number % PEOPLE] ?? { doc: new Y.Doc(), text: new Y.Text() }
    doc.transact(() => {
      text.insert(text.length, 'plenary ')
      if (text.length > MARGIN_CHARS) text.delete(0, 8)
    })
    const { chars, pieces } = given()
    most = { chars: Math.max(most.chars, chars), pieces: Math.max(most.pieces, pieces) }
  }
  expect(most.chars).toBeLessThan(begun * 1.5)
  expect(most.pieces).toBeLessThan(DOCUMENT_LIMITS.tailUpdates + 12)
  const { base, tail } = contentOf(content)
  const joined = new Y.Doc()
  for (const part of [base, ...tail]) Y.applyUpdate(joined, fromBase64Url(part) ?? new Uint8Array())
  for (const { doc, text } of writers) {
    expect(Y.decodeStateVector(Y.encodeStateVector(joined)).get(doc.clientID)).toBe(
      Y.decodeStateVector(Y.encodeStateVector(doc)).get(doc.clientID),
    )
    expect(text.length).toBeLessThanOrEqual(MARGIN_CHARS)
  }
})
