import { readFile } from 'node:fs/promises'
import { ERRORS, type Failure } from '@plenary/kinds'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterAndJoin } from './attack.ts'
import { frame, OPCODE } from './frames.ts'
import { HealthyPair } from './healthy.ts'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Guest, type Stage } from './stage.ts'

/** Printed by fast-check when something fails; the same one fails again. */
const SEED = 20_251_122
const CORPUS = JSON.parse(await readFile(new URL('./corpus/packets.json', import.meta.url), 'utf8')) as string[]

let stage: Stage
let guests: Guest[]
let room: string
let healthy: HealthyPair
beforeAll(async () => {
  stage = await openStage({
    rooms: [
      { kind: 'chat', title: 'Attacked' },
      { kind: 'chat', title: 'Beside' },
    ],
  })
  const { place } = stage
  const event = await place.createEvent()
  const [attacked, beside] = event.rooms
  if (attacked === undefined || beside === undefined) throw new Error('The event has too few rooms.')
  room = attacked
  guests = await Promise.all(Array.from({ length: 4 }, () => place.guest(event)))
  healthy = await HealthyPair.begin(place.url, beside, {
    writer: (await place.guest(event)).ticket,
    reader: (await place.guest(event)).ticket,
  })
})
afterAll(async () => {
  await healthy[Symbol.asyncDispose]()
  await stage[Symbol.asyncDispose]()
})

/** Whatever came of it is one of what may come of a message; in words what is not. */
async function wrongWith(message: string | Buffer, opcode: number, inside: boolean): Promise<string[]> {
  const ticket = guests[message.length % guests.length]?.ticket ?? ''
  using client = await (inside ? enterAndJoin(stage.place.url, ticket, room) : RawWebSocket.open(stage.place.url))
  client.write(
    Buffer.concat([frame({ opcode, payload: message }), frame({ opcode: OPCODE.ping, payload: 'still there' })]),
  )
  await client.until(() => client.ended || client.pongs.length > 0, 'an end or a pong')
  const wrong: string[] = []
  if (client.ended && ![null, 1000, 1002, 1007, 1009].includes(client.closeCode ?? null))
    wrong.push(`closed with ${client.closeCode}`)
  for (const [, answer] of client.answers) {
    const { ok, code } = JSON.parse(answer) as { ok: true; code?: undefined } | Failure
    if (!ok && (!(code in ERRORS) || code === 'internal')) wrong.push(answer)
  }
  return wrong
}

const packet = fc.constantFrom(...CORPUS).map((text) => text.replaceAll('ROOM', room))
const sign = fc.oneof(
  fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\\', '/', '-', '0', '9', 'e', '\u0000', '\u001e', ' ', 'é', '😀'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
)
/** A few signs of it taken out, put in, doubled or changed. */
const mutated = fc
  .tuple(
    packet,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('cut', 'put', 'change', 'double', 'end'), sign), { maxLength: 4 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [place, how, what]) => {
      const at = place % (now.length + 1)
      const [before, after] = [now.slice(0, at), now.slice(at)]
      if (how === 'cut') return before + after.slice(1)
      if (how === 'put') return before + what + after
      if (how === 'change') return before + what + after.slice(1)
      return how === 'double' ? now + now : before
    }, text),
  )

test.each(CORPUS)('[R7] %j, and the same before the handshake, gets a code, an end, or nothing', async (text) => {
  for (const inside of [true, false])
    expect(await wrongWith(text.replaceAll('ROOM', room), OPCODE.text, inside)).toEqual([])
})

test('[R7] so does whatever is like it', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, fc.boolean(), async (message, inside) => {
      expect(await wrongWith(message.toWellFormed(), OPCODE.text, inside)).toEqual([])
    }),
    { seed: SEED, numRuns: 400 },
  )
})

test('[R7] and so do bytes of any kind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(...Object.values(OPCODE), 3, 11),
      fc.boolean(),
      async (bytes, opcode, inside) => {
        expect(await wrongWith(Buffer.from(bytes), opcode, inside)).toEqual([])
      },
    ),
    { seed: SEED, numRuns: 150 },
  )
})

test('[R7] those beside them noticed nothing', async () => {
  expect((await healthy.verdict()).failed).toEqual([])
})
