import { randomUUID } from 'node:crypto'
import { ROLES, kinds, type AnyKind, type Failure, type Role, type RoomId, type SendReceipt } from '@plenary/kinds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tally } from '../../packages/engine/src/testing/tally.ts'
import { RawWebSocket } from './raw-websocket.ts'
import { openStage, type Stage, type TestEvent } from './stage.ts'

/** All kinds that there are; whoever adds one adds its rows here without doing anything. */
const KINDS: readonly AnyKind[] = [...kinds, tally]
/** The commands of one connection before its rate is spent; a fresh one is taken then. */
const COMMANDS_EACH = 35

let stage: Stage
let event: TestEvent
const rooms = new Map<string, RoomId>()
const tickets = new Map<Role, string>()
beforeAll(async () => {
  stage = await openStage({ kinds: [tally], rooms: KINDS.map(({ name }) => ({ kind: name, title: name })) })
  event = await stage.place.createEvent()
  for (const [at, { name }] of KINDS.entries()) rooms.set(name, event.rooms[at] as RoomId)
  for (const role of ROLES) tickets.set(role, (await stage.place.guest(event, role)).ticket)
})
afterAll(() => stage[Symbol.asyncDispose]())

const roomOf = (kind: string) => rooms.get(kind) as RoomId

/** Somebody of this role in the room of this kind, for so many commands. */
class Actor implements Disposable {
  readonly #role: Role
  readonly #room: RoomId
  #client: RawWebSocket | null = null
  #asked = 0

  constructor(role: Role, room: RoomId) {
    this.#role = role
    this.#room = room
  }

  async send(type: string, body: unknown): Promise<SendReceipt | Failure> {
    if (this.#client === null || this.#asked % COMMANDS_EACH === 0) {
      this.#client?.[Symbol.dispose]()
      this.#client = (await RawWebSocket.enter(stage.place.url, tickets.get(this.#role) ?? '')).client
      const joined = (await this.#client.ask(0, 'join', { room: this.#room })) as { ok: boolean; role: Role }
      expect(joined).toMatchObject({ ok: true, role: this.#role })
    }
    this.#asked += 1
    return (await this.#client.ask(this.#asked, 'send', { room: this.#room, id: randomUUID(), type, body })) as
      | SendReceipt
      | Failure
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]()
  }
}

/** What the room shows its owner, and how far it reaches. */
async function stateOf(room: RoomId): Promise<unknown> {
  using client = (await RawWebSocket.enter(stage.place.url, tickets.get('owner') ?? '')).client
  const { cursor, view } = (await client.ask(1, 'join', { room })) as { cursor: unknown; view: unknown }
  return { cursor, view }
}

/** Bodies that any command may be sent with: what passes for one is found among them, whatever the kind. */
const BODIES: readonly unknown[] = [{}, null, [], 'x', { target: 2 }, { on: true }, { text: 'x' }, { user: 'nobody' }]

describe.each(KINDS)('in a room of kind $name', (kind) => {
  const room = () => roomOf(kind.name)
  const cells = Object.entries(kind.commands).flatMap(([type, { allow }]) =>
    ROLES.map((role) => ({ type, role, may: allow.includes(role) })),
  )

  test.each(cells.filter(({ may }) => !may))(
    '[R6] $role may not $type: forbidden, whatever the body, and nothing changes',
    async ({ role, type }) => {
      const before = await stateOf(room())
      using actor = new Actor(role, room())
      for (const body of BODIES)
        expect(await actor.send(type, body)).toMatchObject({ ok: false, code: 'forbidden', temporary: false })
      expect(await stateOf(room())).toEqual(before)
    },
  )

  test.each(cells.filter(({ may }) => may))('$role may $type: never forbidden', async ({ role, type }) => {
    using actor = new Actor(role, room())
    for (const body of BODIES) {
      const answer = await actor.send(type, body)
      if (!answer.ok) expect(['bad_request', 'refused']).toContain(answer.code)
    }
  })

  test.each(ROLES.filter((role) => Object.values(kind.signals).some(({ allow }) => !allow.includes(role))))(
    '[R6] signals that %s may not send are not told',
    async (role) => {
      using watching = (await RawWebSocket.enter(stage.place.url, tickets.get('owner') ?? '')).client
      using sending = (await RawWebSocket.enter(stage.place.url, tickets.get(role) ?? '')).client
      for (const client of [watching, sending]) await client.ask(1, 'join', { room: room() })
      for (const [type, { allow }] of Object.entries(kind.signals)) {
        if (allow.includes(role)) continue
        for (const body of BODIES) sending.say(`42${JSON.stringify(['signal', { room: room(), type, body }])}`)
      }
      await sending.ask(2, 'leave', { room: 'nowhere' })
      await watching.ask(2, 'leave', { room: 'nowhere' })
      expect(watching.texts.filter((text) => text.includes('"signal"'))).toEqual([])
    },
  )
})
