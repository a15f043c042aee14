import { setTimeout as sleep } from 'node:timers/promises'
import type { Failure } from '@plenary/kinds'
import { chanceFrom } from './chance.ts'
import type { Chance } from './chance.ts'
import { frame, OPCODE } from './frames.ts'
import type { MalformedClass } from './malformed.ts'
import { RawWebSocket } from './raw-websocket.ts'

/** Acknowledged messages that one connection may send before the rate is what refuses them; joining is one. */
export const ANSWERED_MAX = 38

/** One connection that does something wrong: all of it is checked against what is documented. */
export interface Attack {
  seed: number
  /** Sent one after the other in one go; what closes the connection comes last. */
  classes: readonly MalformedClass[]
  /** Null: without a handshake. */
  ticket: string | null
  room: string
}

/** Carries it out; the words for what was not as documented, none when all was. */
export async function attack(url: string, { seed, classes, ticket, room }: Attack): Promise<string[]> {
  const chance = chanceFrom(seed)
  using client = await (ticket === null ? RawWebSocket.open(url) : enterAndJoin(url, ticket, room))
  const cases = classes.map((each, at) => ({ ...each, id: at + 1 }))
  const last = cases.at(-1)
  const closing = last?.outcome.is === 'closed' ? last : null
  const wrong: string[] = []
  const say = (name: string, what: string) => void wrong.push(`seed ${seed}, ${name}: ${what}`)
  try {
    client.write(
      Buffer.concat(cases.filter((each) => each !== closing).map((each) => each.make(chance, each.id, room))),
    )
    const asked = cases.filter(({ outcome }) => outcome.is === 'refused')
    await client.until(() => client.ended || asked.every(({ id }) => client.answers.has(id)), 'the answers')
    // There and back: what is ignored has been read, and has not ended it.
    client.write(frame({ opcode: OPCODE.ping, payload: String(seed) }))
    await client.until(() => client.ended || client.pongs.includes(String(seed)), 'a pong')
    if (client.ended) say(cases.map(({ name }) => name).join(', '), `closed with ${String(client.closeCode)}`)
    for (const { id, name, outcome } of cases) check(client, id, outcome, (what) => say(name, what))
    if (closing !== null) await close(client, closing, chance, room, (what) => say(closing.name, what))
  } catch (error) {
    say(cases.map(({ name }) => name).join(', '), error instanceof Error ? error.message : String(error))
  }
  return wrong
}

/** In, and in the room; again while there is no place. Throws when there is no way in. */
export async function enterAndJoin(url: string, ticket: string, room: string): Promise<RawWebSocket> {
  for (;;) {
    const { client, answer } = await RawWebSocket.enter(url, ticket)
    if (answer.startsWith('40')) {
      const joined = (await client.ask(0, 'join', { room })) as { ok?: boolean; code?: string } | null
      if (joined?.ok === true) return client
      throw new Error(`The room was not joined: ${joined?.code ?? 'closed'}`)
    }
    client[Symbol.dispose]()
    if (!/"code":"(?:unavailable|rate_limited)"/.test(answer)) throw new Error(`No way in: ${answer || 'closed'}`)
    await sleep(200)
  }
}

function check(
  client: RawWebSocket,
  id: number,
  outcome: MalformedClass['outcome'],
  say: (what: string) => void,
): void {
  const answer = client.answers.get(id)
  if (outcome.is !== 'refused') {
    if (answer !== undefined) say(`answered with ${answer}`)
    return
  }
  const failure = answer === undefined ? undefined : (JSON.parse(answer) as Partial<Failure>)
  if (
    failure === undefined ||
    failure.ok !== false ||
    failure.code === undefined ||
    !outcome.codes.includes(failure.code)
  ) {
    say(`answered with ${answer?.slice(0, 200) ?? 'nothing'}`)
  } else if (typeof failure.message !== 'string' || typeof failure.temporary !== 'boolean')
    say(`a failure that is none: ${answer}`)
}

async function close(
  client: RawWebSocket,
  closing: MalformedClass & { id: number },
  chance: Chance,
  room: string,
  say: (what: string) => void,
): Promise<void> {
  client.write(closing.make(chance, closing.id, room))
  await client.until(() => client.ended, 'the end of the connection')
  const codes = closing.outcome.is === 'closed' ? closing.outcome.codes : []
  if (client.closeCode === undefined || !codes.includes(client.closeCode))
    say(`closed with ${String(client.closeCode)}`)
}
