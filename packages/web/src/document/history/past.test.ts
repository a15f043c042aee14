import { toBase64Url } from '@plenary/kinds/base64url'
import { prosemirrorJSONToYXmlFragment, updateYFragment, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { FRAGMENT } from '../fragment.ts'
import { schema } from '../schema.ts'
import { Past } from './past.ts'
import type { PastEntry, Shown } from './past.ts'

/** People who write in one document, one after the other, as the room's log would have it. */
class Log {
  readonly entries: PastEntry[] = []
  readonly #docs = new Map<string, Y.Doc>()

  write(name: string, paragraphs: readonly string[], at: number): this {
    const doc = this.#docs.get(name) ?? new Y.Doc()
    this.#docs.set(name, doc)
    for (const { type, body } of this.entries)
      if (type === 'update') Y.applyUpdate(doc, bytes((body as { update: string }).update))
    const before = Y.encodeStateVector(doc)
    const content = paragraphs.map((text) => ({
      type: 'paragraph',
      ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
    }))
    const node = schema.nodeFromJSON({ type: 'doc', content })
    const fragment = doc.getXmlFragment(FRAGMENT)
    if (fragment.length === 0) prosemirrorJSONToYXmlFragment(schema, node.toJSON(), fragment)
    else doc.transact(() => updateYFragment(doc, fragment, node, { mapping: new Map(), isOMark: new Map() }))
    return this.add(name, 'update', { update: toBase64Url(Y.encodeStateAsUpdate(doc, before)) }, at)
  }
  add(name: string, type: string, body: object, at: number): this {
    const seq = this.entries.length + 2
    this.entries.push({ seq, at, by: { id: name, name }, type, body })
    return this
  }
}
const bytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))

const said = (shown: readonly Shown[]): string =>
  shown
    .map(({ text, content, change }) => {
      const inside = text ?? said(content)
      return change === undefined || text === undefined
        ? inside
        : `${change.what === 'added' ? '+' : '-'}${change.by}[${inside}]`
    })
    .join('|')

const MINUTE = 60_000

test('every moment reads as the text was then, and what one person writes without a pause is one moment', () => {
  const log = new Log()
    .write('Ann', ['one'], 0)
    .write('Ann', ['one two'], 1_000)
    .write('Bob', ['one two', 'three'], 2_000)
    .write('Ann', ['one two', 'three four'], 10 * MINUTE)
    .add('Ann', 'version', { name: 'First draft' }, 10 * MINUTE + 1)
    .write('Ann', ['gone'], 10 * MINUTE + 2)
  const past = new Past(log.entries, FRAGMENT)
  expect(past.moments.map(({ by, what, name }) => [by, what, name])).toEqual([
    ['Ann', 'written', null],
    ['Bob', 'written', null],
    ['Ann', 'written', null],
    ['Ann', 'named', 'First draft'],
    ['Ann', 'written', null],
  ])
  expect(past.moments.map(({ seq }) => said(past.shown(seq, null)))).toEqual([
    'one two',
    'one two|three',
    'one two|three four',
    'one two|three four',
    'gone',
  ])
  const { seq = 0 } = past.moments[1] ?? {}
  const doc = past.documentAt(seq)
  expect(yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment(FRAGMENT), schema).textContent).toBe('one twothree')
})

test('between two moments, what came and what went is marked by who did it', () => {
  const log = new Log()
    .write('Ann', ['the quick fox', 'stays'], 0)
    .write('Bob', ['the slow fox', 'stays', 'and ends'], 2 * MINUTE)
    .write('Ann', ['the slow fox', 'stays'], 4 * MINUTE)
  const past = new Past(log.entries, FRAGMENT)
  const [first, second, third] = past.moments.map(({ seq }) => seq)
  if (first === undefined || second === undefined || third === undefined) throw new Error('There are three moments.')
  const both = said(past.shown(second, first))
  expect(both).toContain('-Bob[')
  expect(both).toContain('+Bob[and ends]')
  expect(both).not.toContain('Ann')
  expect(said(past.shown(third, second))).toBe('the slow fox|stays|-Ann[and ends]')
  // What came and went in between is seen from neither end.
  expect(said(past.shown(third, first))).not.toContain('and ends')
  expect(said(past.shown(first, 0))).toBe('+Ann[the quick fox]|+Ann[stays]')
})
