import { randomUUID } from 'node:crypto'
import type { CommandId, Failure, PollsMine, Role, RoomId, SendReceipt, UserId } from '@plenary/kinds'
import { RawWebSocket } from '../raw-websocket.ts'
import type { Place } from '../stage.ts'

/** Who somebody is, and with what they can ask. An overlay has a ticket alone. */
export interface Person {
  name: string
  user: UserId
  role: Role
  pass: string | null
  ticket: string
}

/** What somebody is answered who comes into a room for polls. */
export interface Joined {
  ok: true
  /** Missing for an overlay, which is nobody. */
  mine?: PollsMine
}

/** Somebody in the rooms of an event, with every text that the server has sent them. */
export class Witness implements Disposable {
  readonly who: Person
  /** As they came, acknowledgements among them. */
  readonly texts: string[] = []
  /** The last command. */
  command = '' as CommandId
  #client: RawWebSocket | null = null
  #asked = 0

  constructor(who: Person) {
    this.who = who
  }

  /** Connects anew and joins each of the rooms; answers what was answered to the last of them. */
  async enter({ url }: Place, rooms: readonly RoomId[]): Promise<Joined> {
    this.#client?.[Symbol.dispose]()
    const { client } = await RawWebSocket.enter(url, this.who.ticket, (text) => this.texts.push(text))
    this.#client = client
    let joined: unknown = null
    for (const room of rooms) joined = await client.ask(++this.#asked, 'join', { room })
    const answer = joined as Joined | Failure
    if (!answer.ok) throw new Error(`${this.who.name} did not join: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Throws for what is refused. */
  async send(room: RoomId, type: string, body: unknown, id = randomUUID() as CommandId): Promise<SendReceipt> {
    this.command = id
    const answer = (await this.#client?.ask(++this.#asked, 'send', { room, id, type, body })) as SendReceipt | Failure
    if (!answer.ok) throw new Error(`${type} was refused: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Resolves once a text that has this came. */
  async told(part: string): Promise<void> {
    await this.#client?.until(() => this.texts.some((text) => text.includes(part)), part)
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]()
  }
}
