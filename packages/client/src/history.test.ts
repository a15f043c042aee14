import { expect, test } from 'vitest'
import { BOB, ROOM } from './testing/fake-server.ts'
import { notes, type Note, type NotesView } from './testing/notes.ts'
import { stage } from './testing/stage.ts'

const numbered = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ text: `${from + n}` }))

async function joined(entries: number) {
  const all = stage()
  all.server.append(BOB, 'note', numbered(2, entries))
  const session = await all.client.join({ code: 'CODE', name: 'Ann' })
  const room = session.room(notes, ROOM)
  await all.runtime.pass(100)
  const shown = () => {
    const { view, history } = room.snapshot
    const bySeq = new Map<number, Note>()
    for (const { messages } of [...history.pages, view as NotesView])
      for (const note of messages) bySeq.set(note.seq, note)
    return [...bySeq.values()].toSorted((a, b) => a.seq - b.seq)
  }
  return { ...all, session, room, shown }
}

test('scrolling back loads page by page to the beginning', async () => {
  const { room, shown, server } = await joined(300)
  expect(room.snapshot.history).toEqual({ pages: [], more: true, loading: false })
  expect(shown()[0]?.seq).toBe(202)
  const loading = room.loadOlder()
  expect(room.snapshot.history.loading).toBe(true)
  expect(room.loadOlder()).toStrictEqual(room.loadOlder())
  await loading
  expect(room.snapshot.history).toMatchObject({ more: true, loading: false })
  expect(shown()[0]?.seq).toBe(122)
  await room.loadOlder()
  await room.loadOlder()
  expect(room.snapshot.history.more).toBe(false)
  await room.loadOlder()
  expect(shown()).toEqual(server.entries.slice(1).map(({ seq }) => ({ seq, text: `${seq}` })))
})

test('while history is open, what rolls out of the live view stays, in pages', async () => {
  const { room, shown, runtime, server } = await joined(150)
  await room.loadOlder()
  server.append(BOB, 'note', numbered(152, 250))
  await runtime.pass(50)
  expect(room.snapshot.view?.messages).toHaveLength(100)
  expect(shown().map(({ seq }) => seq)).toEqual(Array.from({ length: 400 }, (_, n) => n + 2))
  room.forgetOlder()
  expect(shown()).toHaveLength(100)
  expect(room.snapshot.history).toEqual({ pages: [], more: true, loading: false })
})

test('an amendment reaches the page that holds what it amends, once, whenever it comes', async () => {
  const { room, runtime, server, shown } = await joined(300)
  const amend = (target: number, text: string) => server.append(BOB, 'amend', [{ target, text }])
  amend(200, 'before it was loaded')
  await runtime.pass(50)
  server.latencyMs = 100
  amend(197, 'in the page and still to come')
  const fetching = room.loadOlder()
  amend(199, 'while it was on its way')
  await runtime.pass(200)
  await fetching
  amend(198, 'after')
  amend(250, 'in the view as it was')
  server.append(BOB, 'note', [...numbered(307, 120)])
  amend(307, 'in a page that grows')
  await runtime.pass(50)
  const text = (seq: number) => shown().find((note) => note.seq === seq)?.text
  await runtime.pass(200)
  expect([200, 199, 197, 198, 250, 307].map(text)).toEqual([
    '200, before it was loaded',
    '199, while it was on its way',
    '197, in the page and still to come',
    '198, after',
    '250, in the view as it was',
    '307, in a page that grows',
  ])
})

test('a reset lets go of the pages rather than hide a gap in them', async () => {
  const { room, runtime, server } = await joined(300)
  await room.loadOlder()
  server.cutAll()
  server.append(BOB, 'note', numbered(302, 200))
  server.faults.reset = () => true
  await runtime.pass(1000)
  expect(room.snapshot.history).toEqual({ pages: [], more: true, loading: false })
  await room.loadOlder()
  expect(room.snapshot.history.pages[0]?.messages.at(-1)?.seq).toBe(401)
})

test('a page that cannot be had is an error once, and can be asked for again', async () => {
  const { room, server } = await joined(300)
  server.faults.http = () => true
  await expect(room.loadOlder()).rejects.toMatchObject({ code: 'unavailable' })
  expect(room.snapshot.history).toEqual({ pages: [], more: true, loading: false })
  server.faults.http = () => false
  await room.loadOlder()
  expect(room.snapshot.history.pages.length).toBeGreaterThan(0)
})
