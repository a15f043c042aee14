import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROLES, type Entry } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { openHarness } from '../testing/harness.ts'
import { csvRow } from './csv.ts'
import { chatHtmlHead, chatHtmlLine } from './texts.ts'
import { zip, type ZipFile } from './zip.ts'

async function* of<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}

/** What another program finds in the archive. */
async function unzipped(chunks: AsyncIterable<Uint8Array>): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-zip-'))
  try {
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) parts.push(chunk)
    await writeFile(join(folder, 'a.zip'), Buffer.concat(parts))
    const read =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])'
    execFileSync('python3', ['-c', read, join(folder, 'a.zip'), join(folder, 'out')])
    const names = await readdir(join(folder, 'out'))
    const texts = await Promise.all(names.map((name) => readFile(join(folder, 'out', name), 'utf8')))
    return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? '']))
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('an archive of files in pieces is read by others, byte for byte', async () => {
  const long = 'Grüße, 世界! '.repeat(20_000)
  const files: ZipFile[] = [
    { name: 'empty.txt', pieces: of<string>() },
    { name: 'pieces.txt', pieces: of('one ', '', long, ' two') },
  ]
  expect(await unzipped(zip(of(...files)))).toEqual({ 'empty.txt': '', 'pieces.txt': `one ${long} two` })
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
  const files = await unzipped(answer.body as unknown as AsyncIterable<Uint8Array>)
  expect(Object.keys(files).toSorted()).toEqual(['1-chat.html', '1-chat.jsonl', '1-chat.txt', 'event.json'])
  expect(
    files['1-chat.jsonl']
      ?.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Entry).seq),
  ).toEqual([2, 5])
  expect(files['1-chat.txt']).toBe('1970-01-01T00:00:00.000Z Ada: Hello\n1970-01-01T00:00:00.000Z Ada: Later\n')
})

test.each(ROLES)('[R6] a person of the role %s gets an export only as the table says', async (role) => {
  await using harness = await openHarness()
  const { event, pass } = await harness.createEvent()
  const who = role === 'owner' ? { pass } : await harness.person(event, pass, role)
  const { status } = await harness.request('GET', `/api/events/${event.id}/export`, who.pass)
  expect(status).toBe(role === 'owner' || role === 'producer' ? 200 : 403)
})

test('[R6] nobody gets an export without a pass, and no owner that of another event', async () => {
  await using harness = await openHarness()
  const [a, b] = [await harness.createEvent('A'), await harness.createEvent('B')]
  expect((await harness.request('GET', `/api/events/${a.event.id}/export`)).status).toBe(401)
  expect((await harness.request('GET', `/api/events/${a.event.id}/export`, b.pass)).status).toBe(403)
})
