import { setTimeout as sleep } from 'node:timers/promises'
import type { RoomId, api } from '@plenary/kinds'
import { ANSWERED_MAX, attack, type Attack } from '../../hostile/attack.ts'
import { chanceFrom, type Chance } from '../../hostile/chance.ts'
import { frame, OPCODE } from '../../hostile/frames.ts'
import { HealthyPair } from '../../hostile/healthy.ts'
import { flood } from '../../hostile/flood.ts'
import { MALFORMED, type MalformedClass } from '../../hostile/malformed.ts'
import { RawWebSocket } from '../../hostile/raw-websocket.ts'
import { Place, type TestEvent } from '../../hostile/stage.ts'
import { startServerProcess, type ServerProcess } from '../../hostile/server-process.ts'
import type { Row, RowContext, RowResult } from '../row.ts'

const FRAMES = 1_000_000
const FRAMES_QUICK = 20_000
const SEED = 20_251_122
/** Attacks at one time. */
const AT_ONCE = 48
const PEOPLE = 12
/** Connections that hold an unfinished message through it all. */
const HELD = 100
/** Bytes of each such message that have come. */
const HELD_BYTES = 100_000
/** Memory of the server at its worst, and how much more that may be in the second half than in the first. */
const PEAK_MIB_MAX = 512
const GROWTH_MIB_MAX = 64
/** So slow is nobody who keeps to the protocol. */
const HEALTHY_WAIT_MS_MAX = 2_000
const FLOOD_REFUSALS = 1_000

/** All that nobody should send, against one server, with two beside it who keep to the protocol. */
export const malformedFrames: Row = {
  name: 'malformed-frames',
  title: '1,000,000 malformed frames',
  bar: '0 crashes, 0 hangs, each with its documented code or close',
  quick: true,
  async run(context) {
    await using server = await startServerProcess()
    const place = new Place(server.url)
    const event = await place.createEvent()
    const [room] = event.rooms
    if (room === undefined) throw new Error('The event has no room.')
    const tickets = await Promise.all(Array.from({ length: PEOPLE }, async () => (await place.guest(event)).ticket))
    const [writer, reader] = [(await place.guest(event)).ticket, await place.guest(event)]
    await using healthy = await HealthyPair.begin(server.url, room, { writer, reader: reader.ticket })
    return await judge(context, server, healthy, place, { event, room, tickets, readerPass: reader.pass })
  },
}

interface Scene {
  event: TestEvent
  room: RoomId
  tickets: readonly string[]
  readerPass: string
}

async function judge(
  context: RowContext,
  server: ServerProcess,
  healthy: HealthyPair,
  place: Place,
  scene: Scene,
): Promise<RowResult> {
  const began = performance.now()
  // The first attacks load what the server loads lazily.
  await pour(context, server.url, scene, 2_000, () => undefined)
  const [beforeMiB, connectionsBefore] = [await server.residentMiB(), await server.figure('plenary_connections')]
  using held = await holdUnfinished(server.url)
  const total = context.quick ? FRAMES_QUICK : FRAMES
  const peaksMiB = { first: beforeMiB, second: 0 }
  let frames = 0
  const watch = setInterval(() => {
    const half = frames < total / 2 ? 'first' : 'second'
    void server.residentMiB().then((now) => (peaksMiB[half] = Math.max(peaksMiB[half], now)))
  }, 250)
  const poured = await pour(context, server.url, scene, total, (now, tell) => {
    frames = now
    if (tell) context.progress(`${now} of ${total} frames, ${Math.max(peaksMiB.first, peaksMiB.second)} MiB at most`)
  }).finally(() => clearInterval(watch))
  held[Symbol.dispose]()
  const verdict = await healthy.verdict()

  const failed = [...verdict.failed.map((each) => `a healthy client noticed: ${each}`), ...poured.wrong]
  for (const complaint of server.complaints.slice(0, 5)) failed.push(`the server complained: ${complaint}`)
  if (server.exit !== null) {
    failed.unshift(`the server ended: ${server.exit}`)
    return { figures: { seed: SEED, frames: poured.frames, crashes: 1 }, pass: false, failed: failed.slice(0, 20) }
  }
  const left = await settled(server, connectionsBefore)
  if (left !== connectionsBefore) failed.push(`${left} connections are left of ${connectionsBefore}`)
  const posts = await countPosts(place, scene)
  if (posts !== verdict.said) failed.push(`the room has ${posts} messages, ${verdict.said} were said`)
  const peakMiB = Math.max(peaksMiB.first, peaksMiB.second)
  const growthMiB = Math.max(0, peaksMiB.second - peaksMiB.first)
  if (peakMiB > PEAK_MIB_MAX) failed.push(`${peakMiB} MiB at the worst`)
  if (growthMiB > GROWTH_MIB_MAX) failed.push(`${growthMiB} MiB more in the second half`)
  if (verdict.waitMaxMs > HEALTHY_WAIT_MS_MAX) failed.push(`a healthy client waited ${verdict.waitMaxMs} ms`)
  return {
    figures: {
      seed: SEED,
      frames: poured.frames,
      connections: poured.connections,
      classes: MALFORMED.length,
      notAsDocumented: poured.wrong.length,
      crashes: server.exit === null ? 0 : 1,
      healthyMessages: verdict.said,
      healthySentAgain: verdict.again,
      healthyWaitP99Ms: verdict.waitP99Ms,
      healthyWaitMaxMs: verdict.waitMaxMs,
      memoryBeforeMiB: beforeMiB,
      memoryPeakMiB: peakMiB,
      memoryGrowthMiB: growthMiB,
      seconds: Math.round((performance.now() - began) / 1000),
    },
    pass: failed.length === 0,
    failed: failed.slice(0, 20),
  }
}

interface Poured {
  frames: number
  connections: number
  wrong: string[]
}

/** Sends so many frames over as many connections as that takes. */
async function pour(
  context: RowContext,
  url: string,
  scene: Scene,
  total: number,
  told: (frames: number, tell: boolean) => void,
): Promise<Poured> {
  const chance = chanceFrom(SEED)
  const done: Poured = { frames: 0, connections: 0, wrong: [] }
  let [begun, toldAt] = [0, performance.now()]
  const work = async () => {
    while (begun < total && !context.signal.aborted) {
      const next = draw(chance, scene)
      begun += next.frames
      try {
        done.wrong.push(...(await next.run(url)))
      } catch (error) {
        done.wrong.push(error instanceof Error ? error.message : String(error))
        await sleep(100)
      }
      done.frames += next.frames
      done.connections += 1
      const tell = performance.now() - toldAt > 5_000
      if (tell) toldAt = performance.now()
      told(done.frames, tell)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  context.signal.throwIfAborted()
  return done
}

const light = MALFORMED.filter((each) => each.heavy !== true)
const heavy = MALFORMED.filter((each) => each.heavy === true)
const refused = light.filter(({ outcome }) => outcome.is === 'refused')
const ignored = light.filter(({ outcome }) => outcome.is === 'ignored')
const ignoredBefore = ignored.filter(({ when }) => when !== 'inside')
const closed = (list: readonly MalformedClass[], where: 'before' | 'inside') =>
  list.filter(({ outcome, when }) => outcome.is === 'closed' && (when === undefined || when === where))
const [closedBefore, closedInside] = [closed(light, 'before'), closed(light, 'inside')]

interface Drawn {
  frames: number
  run(url: string): Promise<string[]>
}

/** What the next connection does, by chance. */
function draw(chance: Chance, { tickets, room }: Scene): Drawn {
  const seed = chance.below(2 ** 31)
  const ticket = tickets[chance.below(tickets.length)] ?? ''
  const some = (from: readonly MalformedClass[], count: number) =>
    Array.from({ length: count }, () => from[chance.below(from.length)]).filter((each) => each !== undefined)
  const attacking = (classes: MalformedClass[], more: Pick<Attack, 'ticket'>): Drawn => ({
    frames: classes.length,
    run: (url) => attack(url, { seed, classes, room, ...more }),
  })
  const dice = chance.below(1_000)
  if (dice < 500)
    return attacking([...some(ignoredBefore, chance.below(4)), ...some(closedBefore, 1)], { ticket: null })
  if (dice < 502)
    return attacking(
      some(
        heavy.filter(({ when }) => when !== 'inside'),
        1,
      ),
      { ticket: null },
    )
  if (dice < 504) return attacking(some(heavy, 1), { ticket })
  if (dice < 512) return attacking([...some(ignored, 1_500), ...some(closedInside, 1)], { ticket })
  if (dice < 518)
    return { frames: ANSWERED_MAX + FLOOD_REFUSALS, run: (url) => flood(url, { seed, classes: refused, ticket, room }) }
  return attacking([...some(refused, ANSWERED_MAX), ...some(ignored, 20), ...some(closedInside, 1)], { ticket })
}

/** Messages that begin and never end. */
async function holdUnfinished(url: string): Promise<Disposable> {
  const beginning = frame({ fin: false, payload: Buffer.alloc(HELD_BYTES, 'x') })
  const halfHead = frame({ payload: 'x'.repeat(70_000) }).subarray(0, 5)
  const more = frame({ opcode: OPCODE.continuation, fin: false, payload: 'x' })
  const clients = await Promise.all(Array.from({ length: HELD }, () => RawWebSocket.open(url)))
  for (const [at, client] of clients.entries()) client.write(at % 2 === 0 ? Buffer.concat([beginning, more]) : halfHead)
  return {
    [Symbol.dispose]() {
      for (const client of clients) client[Symbol.dispose]()
    },
  }
}

/** How many connections there are once those that ended are gone. */
async function settled(server: ServerProcess, expected: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const now = await server.figure('plenary_connections')
    if (now === expected || tries === 50) return now
    await sleep(100)
  }
}

async function countPosts(place: Place, { room, event, readerPass }: Scene): Promise<number> {
  const ticket = await place.ticket(readerPass, event.id)
  let count = 0
  for (let after = 0; ;) {
    const { body } = await place.ask<api.EntriesAnswer>('GET', `/api/rooms/${room}/entries?after=${after}&limit=200`, {
      bearer: ticket,
    })
    count += body.entries.length
    if (!body.more) return count
    after = body.through
  }
}
