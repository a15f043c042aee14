import { createClient, memoryStorage, type Client, type Session } from '../../packages/client/src/index.ts'
import { inbox, type RoomId, type api } from '@plenary/kinds'
import { document } from '@plenary/kinds/document'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openStage, type Stage } from './stage.ts'

/** The first account loads what accounts need. */
vi.setConfig({ testTimeout: 60_000 })

let stage: Stage
const sessions: Session[] = []
beforeAll(async () => {
  stage = await openStage()
})
afterAll(async () => {
  for (const session of sessions) session.close()
  await stage[Symbol.asyncDispose]()
})

async function post(path: string, body: object, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: stage.url, cookie }
  return await fetch(new URL(path, stage.url), { method: 'POST', headers, body: JSON.stringify(body) })
}

/** Somebody with an account, in a document on its own. */
async function account(name: string): Promise<Client> {
  const email = `${name.toLowerCase()}-${Math.random().toString(36).slice(2)}@example.org`
  const signedUp = await post('/api/auth/sign-up/email', { name, email, password: 'a long password' })
  const cookie = signedUp.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const claimed = (await (await post('/api/account/pass', {}, cookie)).json()) as { pass: string }
  const client = createClient({ url: stage.url, storage: memoryStorage() })
  client.usePass(claimed.pass)
  return client
}

async function documentOf(owner: Client) {
  const { event } = await owner.http.post<{ event: api.EventInfo }>(
    '/api/rooms',
    { kind: 'document', title: 'Plans', settings: { roles: { attendee: 'comment' } }, pass: owner.pass() },
    { bearer: null },
  )
  return { event, room: event.rooms[0]?.id as RoomId }
}

async function joined(client: Client, code: string, room: RoomId, name: string) {
  const session = await client.join({ code, name })
  sessions.push(session)
  return { me: session.me.id, room: session.room(document, room) }
}

async function inboxOf(client: Client) {
  const { event, room } = await client.http.get<api.InboxAnswer>('/api/inbox')
  const session = await client.open(event)
  sessions.push(session)
  const own = session.room(inbox, room)
  await expect.poll(() => own.snapshot.state).toBe('live')
  return own
}

test('[R3] [R11] a mention, an answer and a share are in the inbox of whom they are for, live, once each', async () => {
  const [ann, bob] = [await account('Ann'), await account('Bob')]
  const { event, room } = await documentOf(ann)
  const one = await joined(ann, event.code, room, 'Ann')
  const two = await joined(bob, event.code, room, 'Bob')
  const box = await inboxOf(bob)
  expect(box.snapshot.view?.unread).toBe(0)

  await one.room.send('comment', { text: 'What do you say?', mentions: [two.me] })
  await expect.poll(() => box.snapshot.view?.unread).toBe(1)
  expect(box.snapshot.view?.notices[0]).toMatchObject({
    what: 'mention',
    by: { id: one.me, name: 'Ann' },
    event: event.id,
    room,
    title: 'Plans',
    quote: 'What do you say?',
  })
  const thread = box.snapshot.view?.notices[0]?.item ?? ''
  await two.room.send('reply', { thread, text: 'Fine.' })
  const mine = await inboxOf(ann)
  await expect
    .poll(() => mine.snapshot.view?.notices.map(({ what, quote }) => [what, quote]))
    .toEqual([['reply', 'Fine.']])
  await one.room.send('shareWithPerson', { user: two.me, level: 'edit' })
  await expect.poll(() => box.snapshot.view?.notices.map(({ what }) => what)).toEqual(['mention', 'share'])

  await box.send('read', { through: box.snapshot.view?.notices.at(-1)?.seq ?? 0 })
  await expect.poll(() => box.snapshot.view?.unread).toBe(0)
})

test('[R6] who may not be in the room is told nothing of what was said there, and nobody else writes into an inbox', async () => {
  const [ann, eve] = [await account('Ann'), await account('Eve')]
  const { event, room } = await documentOf(ann)
  const one = await joined(ann, event.code, room, 'Ann')
  const box = await inboxOf(eve)
  const eves = box.me.id
  const done = await joined(await account('Bob'), event.code, room, 'Bob')
  await one.room.send('comment', { text: 'Not for Eve', mentions: [eves, done.me, 'nobody'] })
  await one.room.send('comment', { text: 'Nor this', mentions: [eves] })
  const last = await inboxOf(ann)
  await done.room.send('comment', { text: 'Ann, look', mentions: [one.me] })
  // All before it has been told by then.
  await expect.poll(() => last.snapshot.view?.unread).toBe(1)
  expect(box.snapshot.view?.notices).toEqual([])
  const forged = {
    what: 'mention' as const,
    by: { id: eves, name: 'Eve' },
    event: 'x',
    room: 'x',
    title: 'x',
    quote: 'x',
    item: null,
  }
  await expect(box.send('notify', forged)).rejects.toMatchObject({ reason: 'not_yours_to_say' })
})

test('guests have no inbox', async () => {
  const { client } = await stage.join('Guest')
  await expect(client.http.get('/api/inbox')).rejects.toMatchObject({ code: 'forbidden', reason: 'guest' })
})
