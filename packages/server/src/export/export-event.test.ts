import { ROLES, type Entry } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { unzipped } from '../testing/unzipped.ts'
import { csvRow } from './csv.ts'
import { chatHtmlHead, chatHtmlLine } from './texts.ts'
import { zip, type ZipFile } from './zip.ts'

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Record<string, string>> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return unzipped(Buffer.concat(all))
}

const TABLED = [
  { kind: 'polls', title: 'Polls' },
  { kind: 'questions', title: 'Q&A' },
]

test('an archive of files in pieces is read by others, byte for byte', async () => {
  const long = 'Grüße, 世界! '.repeat(20_000)
  const files: ZipFile[] = [
    { name: 'empty.txt', pieces: of<string>() },
    { name: 'pieces.txt', pieces: of('one ', '', long, ' two') },
  ]
  expect(await read(zip(of(...files)))).toEqual({ 'empty.txt': '', 'pieces.txt': `one ${long} two` })
})

test('cells are quoted, and nothing in them is a formula', () => {
  expect(csvRow(['a,b', 'say "hi"', 'two\nlines', 3, null])).toBe('"a,b","say ""hi""","two\nlines",3,\r\n')
  for (const start of ['=', '+', '-', '@']) expect(csvRow([`${start}1+1`])).toBe(`'${start}1+1\r\n`)
})

test('[R6] what people write is text in the HTML of a chat, never markup', () => {
  const evil = '<script>alert("1")</script>&\''
  const html = chatHtmlHead(evil) + chatHtmlLine({ at: 'now', by: evil, text: evil })
  expect(html).not.toMatch(/<script|alert\("|&'/)
  expect(html.match(/<\w+/g)).toEqual(['<meta', '<title', '<h1', '<p', '<time', '<b'])
})

test('an event is exported with the entries of its rooms, the chat also as text', async () => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const entry = (seq: number, text: string): Entry =>
    ({
      seq,
      at: 0,
      by: { id: 'u', name: 'Ada', role: 'attendee' },
      type: 'post',
      body: { text },
      id: `c${seq}`,
    }) as Entry
  // Two pages; the first repeats an entry past it, which amends one of its own.
  const pages = [
    { entries: [entry(2, 'Hello'), entry(5, 'Later')], after: 0, through: 3, more: true },
    { entries: [entry(5, 'Later')], after: 3, through: 6, more: false },
  ]
  harness.platform.node.entries = async (_room, _who, { after }) => pages[after === 0 ? 0 : 1] as never
  const answer = await harness.request('GET', `/api/events/${event.id}/export`, pass)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip'])
  const files = unzipped(new Uint8Array(await answer.arrayBuffer()))
  expect(Object.keys(files).toSorted()).toEqual(['1-chat.html', '1-chat.jsonl', '1-chat.txt', 'event.json'])
  expect(
    files['1-chat.jsonl']
      ?.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Entry).seq),
  ).toEqual([2, 5])
  expect(files['1-chat.txt']).toBe('1970-01-01T00:00:00.000Z Ada: Hello\n1970-01-01T00:00:00.000Z Ada: Later\n')
})

test('polls and questions are had as tables of their own, as they stand in the archive', async () => {
  await using harness = await openHarness({}, undefined, TABLED)
  const { event, pass } = await harness.createEvent()
  const asked = { by: { id: 'u', name: 'Ada', role: 'attendee' }, body: { text: '=Who, me?' }, type: 'ask' }
  const spec = {
    title: 'Tea?',
    form: { type: 'choice', options: ['Yes', 'No'], max: 1 },
    privacy: 'hidden',
    show: 'live',
    change: true,
    seconds: null,
  }
  const drafted = { by: { id: 'o', name: 'Olga', role: 'owner' }, type: 'draft', body: { poll: spec } }
  const tallied = { by: null, type: 'tally', body: { results: { p: { votes: 3, counts: [2, 1] } } } }
  const opened = {
    ...drafted,
    type: 'open',
    body: {
      poll: {
        ...spec,
        id: 'p',
        status: 'open',
        openedAt: 0,
        closesAt: null,
        closedAt: null,
        revealed: false,
        sealed: false,
        results: { votes: 0 },
      },
    },
  }
  const [polls, questions] = event.rooms
  harness.platform.node.entries = async (room) =>
    ({
      entries: (room === polls?.id ? [drafted, opened, tallied] : [asked]).map((entry, at) => ({
        seq: at + 1,
        at: 0,
        id: at === 0 ? 'p' : `c${at}`,
        ...entry,
      })),
      after: 0,
      through: 3,
      more: false,
    }) as never
  const tables = await Promise.all(
    [polls, questions].map((room) => harness.request('GET', `/api/events/${event.id}/rooms/${room?.id}/csv`, pass)),
  )
  expect(tables.map(({ headers }) => [headers.get('content-type'), headers.get('content-disposition')])).toEqual([
    ['text/csv; charset=utf-8', `attachment; filename="${event.code}-1-polls.csv"`],
    ['text/csv; charset=utf-8', `attachment; filename="${event.code}-2-questions.csv"`],
  ])
  const [pollsCsv = '', questionsCsv = ''] = await Promise.all(tables.map((answer) => answer.text()))
  expect(pollsCsv.split('\r\n').slice(1, 3)).toEqual([
    'Tea?,choice,hidden,open,1970-01-01T00:00:00.000Z,,3,Yes,,2,',
    'Tea?,choice,hidden,open,1970-01-01T00:00:00.000Z,,3,No,,1,',
  ])
  expect(questionsCsv).toContain(`"'=Who, me?",Ada,open,0,`)
  const all = await harness.request('GET', `/api/events/${event.id}/export`, pass)
  const files = unzipped(new Uint8Array(await all.arrayBuffer()))
  expect([files['1-polls.csv'], files['2-questions.csv']]).toEqual([pollsCsv, questionsCsv])
})

test('what is no table has none, and neither has a room of another event', async () => {
  await using harness = await openHarness({}, undefined, [{ kind: 'chat', title: 'Chat' }, ...TABLED])
  const [a, b] = [await harness.createEvent('A'), await harness.createEvent('B')]
  const at = (room: number, whose = a) => `/api/events/${a.event.id}/rooms/${whose.event.rooms[room]?.id}/csv`
  expect((await harness.request('GET', at(0), a.pass)).status).toBe(404)
  expect((await harness.request('GET', at(1, b), a.pass)).status).toBe(404)
})

const exportsOf = (event: { id: string; rooms: { id: string }[] }) => [
  `/api/events/${event.id}/export`,
  `/api/events/${event.id}/rooms/${event.rooms[0]?.id}/csv`,
]

test.each(ROLES)('[R6] a person of the role %s gets an export only as the table says', async (role) => {
  await using harness = await openHarness({}, undefined, TABLED)
  const { event, pass } = await harness.createEvent()
  const who = role === 'owner' ? { pass } : await harness.person(event, pass, role)
  for (const path of exportsOf(event)) {
    const { status } = await harness.request('GET', path, who.pass)
    expect(status).toBe(role === 'owner' || role === 'producer' ? 200 : 403)
  }
})

test('[R6] nobody gets an export without a pass, and no owner that of another event', async () => {
  await using harness = await openHarness({}, undefined, TABLED)
  const [a, b] = [await harness.createEvent('A'), await harness.createEvent('B')]
  for (const path of exportsOf(a.event)) {
    expect((await harness.request('GET', path)).status).toBe(401)
    expect((await harness.request('GET', path, b.pass)).status).toBe(403)
  }
})
