import { fromBase64Url } from '@plenary/kinds/base64url'
import { document } from '@plenary/kinds/document'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { open, openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage[Symbol.asyncDispose]())

function textOf(...updates: string[]): string {
  const doc = new Y.Doc({ gc: false })
  for (const update of updates) Y.applyUpdate(doc, fromBase64Url(update) ?? new Uint8Array())
  return doc.getText('text').toJSON()
}

test('a document is read as it was at any moment, and what changed since, by whom', async () => {
  const [ann, bob] = [await stage.join('Ann'), await stage.join('Bob')]
  using one = open(ann.session, stage.room)
  using two = open(bob.session, stage.room)
  await Promise.all([one.provider.saved(), two.provider.saved()])
  one.text.insert(0, 'Ann was here.')
  await one.provider.saved()
  const first = one.room.snapshot.seq
  await expect.poll(() => two.text.length).toBe(13)
  two.text.insert(13, ' Bob too.')
  two.text.delete(0, 4)
  await two.provider.saved()

  const now = await ann.session.documentAt(stage.room)
  expect(textOf(now.update)).toBe('was here. Bob too.')
  expect(now.seq).toBe(now.head)
  const then = await ann.session.documentAt(stage.room, { at: first })
  expect(textOf(then.update)).toBe('Ann was here.')

  const change = await ann.session.documentAt(stage.room, { since: first })
  expect(textOf(change.update)).toBe('Ann was here.')
  expect(textOf(change.update, ...change.changes.map(({ update }) => update))).toBe('was here. Bob too.')
  expect(change.changes).toMatchObject([{ people: [{ name: 'Bob' }], after: first, through: now.head }])
  const whole = await ann.session.documentAt(stage.room, { since: 0 })
  expect(whole.changes.map(({ people }) => people[0]?.name)).toEqual(['Ann', 'Bob'])
})

test('whoever may not be in the room reads nothing of it', async () => {
  const elsewhere = await stage.owner.createEvent({ title: 'Another evening' })
  const session = await stage.owner.open(elsewhere.event.id)
  await expect(session.documentAt(stage.room)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(session.upload(stage.room, PNG)).rejects.toMatchObject({ code: 'forbidden' })
  session.close()
  const { session: guest } = await stage.join('Eve')
  await expect(guest.documentAt(stage.room, { at: 1, since: 2 })).rejects.toMatchObject({ code: 'bad_request' })
})

const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg',
    'base64',
  ),
)

test('[R6] images are kept beside the document, for whoever has their address', async () => {
  const { session } = await stage.join('Ann')
  const put = await session.upload(stage.room, PNG)
  expect(put).toMatchObject({ type: 'image/png', bytes: PNG.length, width: 1, height: 1 })
  expect(await session.upload(stage.room, PNG)).toEqual(put)
  const served = await fetch(new URL(put.url, stage.url))
  expect(Buffer.from(await served.arrayBuffer())).toEqual(Buffer.from(PNG))
  expect(Object.fromEntries(served.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
  })
  const guessed = [put.url.replace(/key=./, 'key=~'), put.url.replace(/key=.*/, 'key='), put.url.replace(/\?.*/, '')]
  for (const url of guessed) expect((await fetch(new URL(url, stage.url))).status).toBeGreaterThanOrEqual(400)
})

test('[R6] images are put there by those who may edit, and by nobody else, whatever their role', async () => {
  const { session } = await stage.join('Ann')
  const lead = stage.lead.room(document, stage.room)
  await session.upload(stage.room, PNG)
  await lead.send('shareWithPerson', { user: session.me.id, level: 'view' })
  await expect(session.upload(stage.room, PNG)).rejects.toMatchObject({ code: 'forbidden' })
  await lead.send('shareWithPerson', { user: session.me.id, level: 'edit' })
  await session.upload(stage.room, PNG)
})

test('a producer who bars an owner keeps nobody out', async () => {
  const { session } = await stage.join('Pru', 'producer')
  const room = session.room(document, stage.room)
  // The room has not seen the owner do anything yet, so it cannot know.
  const left = room.send('shareWithPerson', { user: stage.lead.me.id, level: 'none' })
  await left.catch(() => undefined)
  const lead = stage.lead.room(document, stage.room)
  await lead.send('version', { name: 'Still here' })
  expect((await stage.lead.documentAt(stage.room)).head).toBeGreaterThan(0)
  const again = room.send('shareWithPerson', { user: stage.lead.me.id, level: 'view' })
  await expect(again).rejects.toMatchObject({ code: 'refused', reason: 'always_edit' })
})

test('what is no image, or is too large, is refused whatever it calls itself', async () => {
  const { session } = await stage.join('Ann')
  const script = Uint8Array.from(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))
  await expect(session.upload(stage.room, script)).rejects.toMatchObject({ code: 'refused', reason: 'no_image' })
  await expect(session.upload(stage.room, new Uint8Array())).rejects.toMatchObject({ reason: 'no_image' })
  const wide = PNG.slice()
  wide.set([0, 1, 0, 0], 16)
  await expect(session.upload(stage.room, wide)).rejects.toMatchObject({ reason: 'image_too_large' })
  await expect(session.upload(stage.room, new Uint8Array(6_000_000))).rejects.toMatchObject({ code: 'too_large' })
})
