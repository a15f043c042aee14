import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '@plenary/kinds'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HealthyPair } from './healthy.ts'
import { FRAME_MAX_BYTES } from './malformed.ts'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Answer, type Guest, type Stage, type TestEvent } from './stage.ts'

let stage: Stage
let event: TestEvent
let guest: Guest
let healthy: HealthyPair
beforeAll(async () => {
  stage = await openStage()
  const { place } = stage
  event = await place.createEvent()
  guest = await place.guest(event)
  const [room] = event.rooms
  if (room === undefined) throw new Error('The event has no room.')
  healthy = await HealthyPair.begin(place.url, room, {
    writer: (await place.guest(event)).ticket,
    reader: (await place.guest(event)).ticket,
  })
})
afterAll(async () => {
  await healthy[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

const PATH = '/socket.io/?EIO=4&transport=polling'
const poll = (sid: string) => stage.place.ask('GET', `${PATH}&sid=${sid}`)
const post = (sid: string, body: string, headers: Record<string, string> = { 'content-type': 'text/plain' }) =>
  stage.place.ask('POST', `${PATH}&sid=${sid}`, { body, headers })

async function begin(): Promise<string> {
  const { text, headers } = await stage.place.ask('GET', PATH)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  return (JSON.parse(text.slice(1)) as { sid: string }).sid
}

/** Inside: the handshake has passed. */
async function enter(): Promise<string> {
  const sid = await begin()
  expect((await post(sid, `40${JSON.stringify({ ticket: guest.ticket })}`)).text).toBe('ok')
  expect((await poll(sid)).text).toMatch(/^40\{/)
  return sid
}

/** A session that has ended says so to the next poll, or is not known any more. */
async function ended(sid: string): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    const { status, text } = await poll(sid)
    if (status === 400 && text.includes('"code":1')) return true
    if (status === 200 && text.split('\u001e').at(-1) === '1') return true
  }
  return false
}

const SOCKET = '/socket.io/'
const refusals: [what: string, method: string, path: () => string | Promise<string>, status: number, code: number][] = [
  ['no transport', 'GET', () => `${SOCKET}?EIO=4`, 400, 0],
  ['a transport that there is not', 'GET', () => `${SOCKET}?EIO=4&transport=pigeon`, 400, 0],
  ['a transport of that name in every object', 'GET', () => `${SOCKET}?EIO=4&transport=__proto__`, 400, 0],
  ['an older protocol', 'GET', () => `${SOCKET}?EIO=3&transport=polling`, 400, 5],
  ['a session that there is not', 'GET', () => `${PATH}&sid=nope`, 400, 1],
  ['a session called __proto__', 'GET', () => `${PATH}&sid=__proto__`, 400, 1],
  ['a session called constructor', 'POST', () => `${PATH}&sid=constructor`, 400, 1],
  ['a beginning by POST', 'POST', () => PATH, 400, 2],
  ['a beginning by DELETE', 'DELETE', () => PATH, 400, 3],
  ['PUT to a session', 'PUT', async () => `${PATH}&sid=${await begin()}`, 400, 3],
  ['DELETE of a session', 'DELETE', async () => `${PATH}&sid=${await begin()}`, 400, 3],
  ['WebSocket without an upgrade', 'GET', () => `${SOCKET}?EIO=4&transport=websocket`, 400, 3],
  [
    'another transport of a session, without an upgrade',
    'GET',
    async () => `${SOCKET}?EIO=4&transport=websocket&sid=${await begin()}`,
    400,
    3,
  ],
  [
    'another protocol of a session',
    'GET',
    async () => `${SOCKET}?EIO=3&transport=polling&sid=${await begin()}`,
    400,
    3,
  ],
]

test.each(refusals)('[R7] %s is refused at once', async (_what, method, path, status, code) => {
  const answer = await stage.place.ask(
    method,
    await path(),
    method === 'GET' ? {} : { body: '3', headers: { 'content-type': 'text/plain' } },
  )
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status,
    body: { code, message: expect.any(String) as string },
  })
})

test('[R7] a request for the WebSocket of a session that has one is answered, not kept waiting', async () => {
  using client = await RawWebSocket.open(stage.place.url)
  await client.until(() => client.texts.length > 0, 'the beginning')
  const { sid } = JSON.parse(client.texts[0]?.slice(1) ?? '{}') as { sid: string }
  const path = `${SOCKET}?EIO=4&transport=websocket&sid=${sid}`
  expect(await stage.place.ask('GET', path)).toMatchObject({ status: 400, body: { code: 3 } })
  using again = await RawWebSocket.open(stage.place.url, {}, path)
  expect(again.refusal).toMatch(/^HTTP\/1.1 400/)
  expect(client.ended).toBe(false)
})

const rubbish: [what: string, body: string][] = [
  ['nothing', ''],
  ['separators alone', '\u001e'.repeat(100_000)],
  ['no packet', 'x'],
  ['no packet among packets', '3\u001e3\u001ex\u001e3'],
  ['binary data', 'bAAAA'],
  ['broken JSON', '42["a'],
  ['a second CONNECT', '40{}'],
  ['very many CONNECTs', Array.from({ length: 100_000 }, () => '40{}').join('\u001e')],
  ['very many namespaces', Array.from({ length: 50_000 }, (_, at) => `40/${at},{}`).join('\u001e')],
  ['very many pings', Array.from({ length: 100_000 }, () => '2').join('\u001e')],
  ['a goodbye', '41'],
  ['a close', '1'],
]

test.each(rubbish)('[R7] a polling client that sends %s is ended, and nobody else', async (_what, body) => {
  const sid = await enter()
  expect((await post(sid, body)).status).toBeLessThan(500)
  expect(await ended(sid)).toBe(true)
})

test('[R7] more messages in one request than the rate allows are refused one by one, and then it is ended', async () => {
  const sid = await enter()
  const many = Array.from({ length: 5_000 }, (_, at) => `42${at}["leave",{"room":"x"}]`).join('\u001e')
  const [answers] = await Promise.all([poll(sid), post(sid, many)])
  expect(answers.text).toContain('[{"ok":true}]')
  expect(await ended(sid)).toBe(true)
})

test('[R7] a request over the limit is 413, binary content and overlapping requests are 400', async () => {
  const sid = await enter()
  expect((await post(sid, '3'.repeat(FRAME_MAX_BYTES + 1))).status).toBe(413)
  const binary = await enter()
  expect((await post(binary, '3', { 'content-type': 'application/octet-stream' })).status).toBe(400)
  expect(await ended(binary)).toBe(true)
  const twice = await enter()
  const waiting = poll(twice).catch(() => null)
  await sleep(50)
  expect((await poll(twice)).status).toBe(400)
  expect(await ended(twice)).toBe(true)
  await waiting
})

test('[R7] an upgrade that does not begin with a probe is ended, and the session goes on', async () => {
  const sid = await enter()
  for (const first of ['x', '4', '42["join",{}]', '5', '2', '40{}', '']) {
    using client = await RawWebSocket.open(stage.place.url, {}, `${SOCKET}?EIO=4&transport=websocket&sid=${sid}`)
    client.say(first)
    if (first === '5') break
    await client.until(() => client.ended, `the end of an upgrade with ${first}`)
  }
  const other = await enter()
  using one = await RawWebSocket.open(stage.place.url, {}, `${SOCKET}?EIO=4&transport=websocket&sid=${other}`)
  using two = await RawWebSocket.open(stage.place.url, {}, `${SOCKET}?EIO=4&transport=websocket&sid=${other}`)
  await two.until(() => two.ended, 'the end of a second upgrade')
  for (let times = 0; times < 1_000; times++) one.say('2probe')
  await one.until(() => one.texts.filter((text) => text === '3probe').length === 1_000, 'the answers to probes')
  expect((await post(other, '421["leave",{"room":"x"}]')).text).toBe('ok')
  one.say('5')
  await one.until(() => one.answers.has(1), 'the answer over the new way')
})

test('[R7] an upgrade to a session that there is not, or elsewhere, is ended at once', async () => {
  for (const path of [
    `${SOCKET}?EIO=4&transport=websocket&sid=nope`,
    `${SOCKET}?EIO=4&transport=polling&sid=nope`,
    '/',
    '/api/events',
    '/socket.iox',
    '/socket.io',
  ]) {
    using client = await RawWebSocket.open(stage.place.url, {}, path)
    expect(client.refusal).toMatch(/^HTTP\/1.1 4/)
    expect(client.ended).toBe(true)
  }
})

test('[R7] connections that never come to a handshake are bounded, and those who are in do not notice', async () => {
  let refused: Answer | null = null
  let begun = 0
  const more = async () => {
    while (refused === null && begun < LIMITS.connectionsHalfOpen + 1_000) {
      begun += 1
      const answer = await stage.place.ask('GET', PATH)
      if (answer.status !== 200) refused = answer
    }
  }
  await Promise.all(Array.from({ length: 32 }, more))
  expect(refused).toMatchObject({ status: 403 })
  expect(begun).toBeGreaterThan(LIMITS.connectionsHalfOpen - 100)
  expect((await healthy.verdict()).failed).toEqual([])
}, 60_000)
