import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { DOCUMENT_LIMITS, type DocumentContent, type DocumentView } from './document/model.ts'
import { document, documentKind } from './document.ts'
import type { Actor, AnyKind } from './kind.ts'
import { Stage } from './testing/stage.ts'

const person = (id: string, role: Actor['role']): Actor => ({ id: id as Actor['id'], name: `Name of ${id}`, role })
const OWNER = person('olga', 'owner')
const EDITOR = person('ed', 'speaker')
const GUEST = person('gus', 'attendee')
const PRODUCER = person('pru', 'producer')
const DEMOTED = person('olga', 'attendee')
const PEOPLE = [OWNER, EDITOR, GUEST, person('mo', 'moderator'), PRODUCER, DEMOTED]

function room(settings: unknown = {}, kind: AnyKind = document) {
  const stage = new Stage<DocumentView>(kind, settings, PEOPLE)
  const content = () => stage.play.kind.content?.(stage.play.state, 'everyone') as DocumentContent
  const text = () => {
    const { base, tail } = content()
    const doc = new Y.Doc()
    for (const update of [base, ...tail])
      if (update !== '') Y.applyUpdate(doc, fromBase64Url(update) ?? new Uint8Array())
    return doc.getText('text').toJSON()
  }
  return { stage, content, text }
}

/** An editor of somebody: what they type, as updates. */
function editor(client: number) {
  const doc = new Y.Doc()
  doc.clientID = client
  const change = (work: (text: Y.Text) => void): string => {
    const before = Y.encodeStateVector(doc)
    doc.transact(() => work(doc.getText('text')))
    return toBase64Url(Y.encodeStateAsUpdate(doc, before))
  }
  return {
    doc,
    type: (words: string) => change((text) => text.insert(text.length, words)),
    cut: (at: number, chars: number) => change((text) => text.delete(at, chars)),
  }
}

describe('updates', () => {
  test('are merged, with who wrote under which session', () => {
    const { stage, content, text } = room()
    const [ed, olga] = [editor(7), editor(8)]
    stage.ask(EDITOR, 'update', { update: ed.type('one ') })
    stage.ask(OWNER, 'update', { update: olga.type('two ') })
    expect(text()).toHaveLength(8)
    const { sessions, people } = content()
    expect(people[sessions['7'] ?? 9]).toEqual({ id: 'ed', name: 'Name of ed' })
    expect(people[sessions['8'] ?? 9]).toMatchObject({ id: 'olga' })
  })

  test('that rest on what has not come are refused, and taken with it', () => {
    const { stage, text } = room()
    const ed = editor(7)
    const first = ed.type('first ')
    const second = ed.type('second')
    expect(stage.ask(EDITOR, 'update', { update: second })).toMatchObject({ refused: 'missing_updates', entries: [] })
    const cut = ed.cut(0, 3)
    expect(stage.ask(EDITOR, 'update', { update: cut }).refused).toBe('missing_updates')
    const all = toBase64Url(Y.encodeStateAsUpdate(ed.doc))
    expect(stage.ask(EDITOR, 'update', { update: all }).refused).toBeNull()
    expect(stage.ask(EDITOR, 'update', { update: first }).refused).toBeNull()
    expect(text()).toBe('st second')
  })

  test('under somebody else’s session are refused: nobody’s next words can be taken from them', () => {
    const { stage, text } = room()
    const ed = editor(7)
    const forged = editor(7)
    stage.ask(EDITOR, 'update', { update: ed.type('mine') })
    forged.type('mine')
    expect(stage.ask(OWNER, 'update', { update: forged.type(' stolen') }).refused).toBe('not_your_session')
    expect(stage.ask(EDITOR, 'update', { update: ed.type(' too') }).refused).toBeNull()
    expect(text()).toBe('mine too')
  })

  test.each([
    ['no base64url', 'abcde'],
    ['random bytes', toBase64Url(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]))],
    ['a number without end', toBase64Url(new Uint8Array(40).fill(255))],
    ['a count of structs that never come', toBase64Url(new Uint8Array([1, 255, 255, 255, 255, 15, 1, 0]))],
    ['an update that is cut off', editor(7).type('some words').slice(0, 12)],
  ])('that are %s are malformed', (_, update) => {
    const { stage, text } = room()
    expect(stage.ask(EDITOR, 'update', { update })).toMatchObject({ refused: 'malformed', entries: [] })
    expect(text()).toBe('')
  })

  test('with a document inside are refused, and so are those that are too large', () => {
    const { stage } = room()
    const doc = new Y.Doc()
    doc.getMap('map').set('inner', new Y.Doc())
    const update = toBase64Url(Y.encodeStateAsUpdate(doc))
    expect(stage.ask(EDITOR, 'update', { update }).refused).toBe('subdocument')
    const huge = 'A'.repeat(DOCUMENT_LIMITS.commandBytes + 1)
    expect(stage.ask(EDITOR, 'update', { update: huge }).refused).toBe('denied')
  })

  test('a document has a largest size', () => {
    const { stage } = room()
    const ed = editor(7)
    const piece = 'x'.repeat(600_000)
    const told = Array.from({ length: 8 }, () => stage.ask(EDITOR, 'update', { update: ed.type(piece) }).refused)
    expect(told.slice(0, 5)).toEqual(Array(5).fill(null))
    expect(told.at(-1)).toBe('document_full')
  })

  test('recent ones are merged into the rest, and what was deleted takes no room', () => {
    const { stage, content, text } = room({}, documentKind({ updates: 10, chars: 100_000 }))
    const ed = editor(7)
    for (let index = 0; index < 22; index++) {
      stage.ask(EDITOR, 'update', { update: ed.type('word '.repeat(200)) })
      stage.ask(EDITOR, 'update', { update: ed.cut(0, 995) })
    }
    expect(text()).toBe(ed.doc.getText('text').toJSON())
    const { base, tail } = content()
    expect(tail.length).toBeLessThanOrEqual(12)
    expect((fromBase64Url(base) ?? []).length).toBeLessThan(1_500)
  })

  test('under a session that stands in two places are malformed: some would read only the second', () => {
    const { stage } = room()
    const ed = editor(7)
    const next = (words: string) => [...(fromBase64Url(ed.type(words)) ?? [])]
    const [one, two] = [next('one '), next('two ')]
    // The count of sessions, the session of the first, that of the second, no deletions.
    const both = new Uint8Array([2, ...one.slice(1, -1), ...two.slice(1, -1), 0])
    expect(Y.decodeUpdate(both).structs).toHaveLength(2)
    expect(stage.ask(EDITOR, 'update', { update: toBase64Url(both) }).refused).toBe('malformed')
  })

  test('a document that is full can still be made shorter, and takes words again then', () => {
    const { stage, content, text } = room({}, documentKind({ updates: 10, chars: 64 * 1024 }))
    const ed = editor(7)
    const piece = 'x'.repeat(600_000)
    const fill = () => stage.ask(EDITOR, 'update', { update: ed.type(piece) }).refused
    while (fill() === null);
    const taken = text().length
    const short = new Y.Doc()
    short.clientID = 8
    const { base, tail } = content()
    for (const update of [base, ...tail]) Y.applyUpdate(short, fromBase64Url(update) ?? new Uint8Array())
    const cut = (chars: number) => {
      const before = Y.encodeStateVector(short)
      short.getText('text').delete(0, chars)
      return toBase64Url(Y.encodeStateAsUpdate(short, before))
    }
    for (let index = 0; index < 11; index++)
      expect(stage.ask(EDITOR, 'update', { update: cut(100_000) }).refused).toBeNull()
    expect(text()).toHaveLength(taken - 1_100_000)
    expect(content().base.length).toBeLessThan(base.length)
    expect(stage.ask(OWNER, 'update', { update: editor(9).type(piece) }).refused).toBeNull()
  })
})

describe('who may do what', () => {
  test('goes by role, then by person; owners and producers may do anything', () => {
    const { stage } = room({ roles: { attendee: 'view', speaker: 'comment' } })
    expect(stage.ask(GUEST, 'comment', { text: 'Hm' }).refused).toBe('may_not_comment')
    expect(stage.ask(EDITOR, 'comment', { text: 'Hm' }).refused).toBeNull()
    expect(stage.ask(EDITOR, 'update', { update: editor(1).type('x') }).refused).toBe('may_not_edit')
    expect(stage.ask(EDITOR, 'shareWithRole', { role: 'speaker', level: 'edit' }).refused).toBe('denied')
    expect(stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'edit' }).refused).toBeNull()
    expect(stage.ask(GUEST, 'update', { update: editor(2).type('x') }).refused).toBeNull()
    expect(stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: null }).refused).toBeNull()
    expect(stage.ask(GUEST, 'update', { update: editor(3).type('x') }).refused).toBe('may_not_edit')
    expect(stage.ask(OWNER, 'shareWithRole', { role: 'attendee', level: 'comment' }).refused).toBeNull()
    expect(stage.ask(GUEST, 'comment', { text: 'Hm' }).refused).toBeNull()
    expect(stage.ask(OWNER, 'shareWithRole', { role: 'owner', level: 'view' }).refused).toBe('always_edit')
    expect(stage.ask(OWNER, 'shareWithPerson', { user: 'olga', level: 'view' }).refused).toBe('yourself')
  })

  test('owners and producers cannot be kept out, by each other either', () => {
    const { stage } = room()
    stage.ask(OWNER, 'version', { name: 'Begun' })
    for (const level of ['none', 'view']) {
      expect(stage.ask(PRODUCER, 'shareWithPerson', { user: 'olga', level }).refused).toBe('always_edit')
    }
    stage.ask(DEMOTED, 'comment', { text: 'Not an owner any more' })
    expect(stage.ask(PRODUCER, 'shareWithPerson', { user: 'olga', level: 'view' }).refused).toBeNull()
    expect(document.neverBarred).toEqual(['owner', 'producer'])
  })

  test('images are for those who may edit', () => {
    const { stage } = room({ roles: { attendee: 'comment' } })
    const may = ({ id, role }: Actor) => stage.play.kind.files?.(stage.play.state, { id, role: role as never })
    expect([OWNER, EDITOR, GUEST].map(may)).toEqual([true, true, false])
    stage.ask(OWNER, 'shareWithPerson', { user: 'ed', level: 'view' })
    stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'edit' })
    expect([OWNER, EDITOR, GUEST].map(may)).toEqual([true, false, true])
  })

  test('who may do nothing may not be in the room', () => {
    const { stage } = room()
    stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'none' })
    expect(document.barred?.(stage.play.state as never)).toEqual(['gus'])
    stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'view' })
    expect(document.barred?.(stage.play.state as never)).toEqual([])
  })
})

describe('comments', () => {
  test('are threads: begun, answered, changed, settled, opened again', () => {
    const { stage } = room()
    const anchor = { from: 'AAEC', to: 'AAED' }
    stage.ask(GUEST, 'comment', { anchor, quote: 'the words', text: 'Really?', mentions: ['ed', 'ed'] })
    const [{ id } = { id: '' }] = stage.view().threads
    stage.now += 5
    stage.ask(EDITOR, 'reply', { thread: id, text: 'Yes.' })
    stage.ask(GUEST, 'editComment', { thread: id, comment: id, text: 'Really, really?' })
    stage.ask(EDITOR, 'resolve', { thread: id })
    expect(stage.view().threads).toMatchObject([
      {
        anchor,
        quote: 'the words',
        resolved: { by: { id: 'ed' }, at: stage.now },
        comments: [
          { by: { id: 'gus' }, text: 'Really, really?', mentions: [], editedAt: stage.now },
          { by: { id: 'ed' }, text: 'Yes.', editedAt: null },
        ],
      },
    ])
    stage.ask(GUEST, 'reopen', { thread: id })
    expect(stage.ask(GUEST, 'reopen', { thread: id }).entries).toEqual([])
    expect(stage.view().threads[0]?.resolved).toBeNull()
  })

  test('belong to their author; staff may delete any; words of others go with nobody else’s', () => {
    const { stage } = room()
    stage.ask(GUEST, 'comment', { text: 'First' })
    const [{ id } = { id: '' }] = stage.view().threads
    const reply = stage.ask(EDITOR, 'reply', { thread: id, text: 'Second' }).entries[0]?.id
    expect(stage.ask(EDITOR, 'editComment', { thread: id, comment: id, text: 'Mine' }).refused).toBe('not_author')
    expect(stage.ask(GUEST, 'deleteComment', { thread: id, comment: id }).refused).toBe('not_author')
    expect(stage.ask(EDITOR, 'deleteComment', { thread: id, comment: reply }).refused).toBeNull()
    expect(stage.view().threads[0]?.comments).toHaveLength(1)
    stage.ask(EDITOR, 'reply', { thread: id, text: 'Third' })
    expect(stage.ask(OWNER, 'deleteComment', { thread: id, comment: id }).refused).toBeNull()
    expect(stage.view().threads).toEqual([])
    expect(stage.ask(GUEST, 'reply', { thread: id, text: 'Late' }).refused).toBe('no_comment')
  })

  test('[R6] with a thread goes each of its comments: history serves no words of any', () => {
    const { stage } = room()
    const begun = stage.ask(GUEST, 'comment', { quote: 'quoted', text: 'first secret' }).entries[0]
    const reply = stage.ask(EDITOR, 'reply', { thread: begun?.id, text: 'second secret' }).entries[0]
    const body = { thread: begun?.id, comment: reply?.id, text: 'second secret, changed' }
    const edit = stage.ask(EDITOR, 'editComment', body).entries[0]
    const gone = stage.ask(OWNER, 'deleteComment', { thread: begun?.id, comment: begun?.id }).entries
    expect(stage.view().threads).toEqual([])
    for (const entry of [begun, reply, edit]) {
      const subject = document.about?.(entry as never) ?? entry?.seq
      const amendments = gone.filter((each) => document.about?.(each as never) === subject)
      expect(amendments).toHaveLength(1)
      expect(JSON.stringify(document.conceal?.(entry as never, amendments as never))).not.toMatch(/secret|quoted/)
    }
  })

  test('[R6] history serves no words of a comment that was deleted', () => {
    const { stage } = room()
    const begun = stage.ask(GUEST, 'comment', { quote: 'quoted', text: 'secret', mentions: ['ed'] }).entries[0]
    const gone = stage.ask(GUEST, 'deleteComment', { thread: begun?.id, comment: begun?.id }).entries[0]
    if (begun === undefined || gone === undefined) throw new Error('Both are in the log.')
    expect(document.about?.(gone as never)).toBe(begun.seq)
    expect(document.conceal?.(begun as never, [gone as never])).toMatchObject({ text: '', quote: '', mentions: [] })
  })

  test('have a limit', () => {
    const { stage } = room()
    const told = Array.from({ length: DOCUMENT_LIMITS.threads + 1 }, () => stage.ask(GUEST, 'comment', { text: 'x' }))
    expect(told.at(-2)?.refused).toBeNull()
    expect(told.at(-1)?.refused).toBe('comments_full')
  })
})

test('an entry says whom it is news to, once each, and never its author', () => {
  const { stage } = room()
  const told = (entry: unknown) => document.notices?.(entry as never).map(({ to, what }) => `${what} ${to}`)
  const begun = stage.ask(GUEST, 'comment', { text: 'Look', mentions: ['ed', 'gus'] }).entries[0]
  expect(told(begun)).toEqual(['mention ed'])
  const thread = begun?.id
  const reply = stage.ask(EDITOR, 'reply', { thread, text: 'I see', mentions: ['olga'] }).entries[0]
  expect(told(reply)).toEqual(['mention olga', 'reply gus'])
  expect(told(stage.ask(GUEST, 'reply', { thread, text: 'Good' }).entries[0])).toEqual(['reply ed'])
  const edit = { thread, comment: thread, text: 'Look here', mentions: ['ed', 'olga'] }
  expect(told(stage.ask(GUEST, 'editComment', edit).entries[0])).toEqual(['mention olga'])
  expect(told(stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'edit' }).entries[0])).toEqual(['share gus'])
  expect(told(stage.ask(OWNER, 'shareWithPerson', { user: 'gus', level: 'none' }).entries[0])).toEqual([])
})

test('versions are names for moments; an earlier content comes back as an entry', () => {
  const { stage, text } = room()
  const ed = editor(7)
  stage.ask(EDITOR, 'update', { update: ed.type('draft') })
  stage.ask(EDITOR, 'version', { name: 'First draft' })
  const [version] = stage.view().versions
  expect(version).toMatchObject({ name: 'First draft', seq: 3, by: { id: 'ed' } })
  stage.ask(EDITOR, 'renameVersion', { version: version?.id, name: 'Draft' })
  expect(stage.view().versions[0]?.name).toBe('Draft')
  stage.ask(EDITOR, 'update', { update: ed.cut(0, 5) })
  const { entries } = stage.ask(EDITOR, 'restore', { update: ed.type('draft'), from: 3, name: 'Draft' })
  expect(entries).toMatchObject([{ type: 'restored', body: { from: 3, name: 'Draft' } }])
  expect(text()).toBe('draft')
  stage.ask(EDITOR, 'deleteVersion', { version: version?.id })
  expect(stage.view().versions).toEqual([])
})
