import { createClient, memoryStorage } from '../../packages/client/src/index.ts'
import type { Client, Room, Session } from '../../packages/client/src/index.ts'
import type { AnyClientKind, CommandsOf, InputOf } from '../../packages/kinds/src/index.ts'

const SEEN_MS_MAX = 10_000

/** Someone who is at the event without a page: an organiser who only gives the cues, or one of a crowd. */
export class Guest implements Disposable {
  readonly client: Client
  readonly session: Session

  private constructor(client: Client, session: Session) {
    this.client = client
    this.session = session
  }

  /** Makes an event and is in it, as its owner. */
  static async organise(url: string, title: string): Promise<Guest> {
    const client = createClient({ url, storage: memoryStorage() })
    const { event } = await client.createEvent({ title, name: 'Olga Owner' })
    return new Guest(client, await client.open(event.id))
  }

  static async join(url: string, code: string, name: string): Promise<Guest> {
    const client = createClient({ url, storage: memoryStorage() })
    return new Guest(client, await client.join({ code, name }))
  }

  get code(): string {
    return this.session.event.code
  }

  room<K extends AnyClientKind>(kind: K): Room<K> {
    const found = this.session.event.rooms.find((room) => room.kind === kind.name)
    if (found === undefined) throw new Error(`The event has no ${kind.name}.`)
    return this.session.room(kind, found.id)
  }

  /** Sends, and waits until the own view shows it. */
  async act<K extends AnyClientKind, T extends keyof CommandsOf<K> & string>(
    kind: K,
    type: T,
    body: InputOf<CommandsOf<K>[T]>,
  ): Promise<void> {
    const room = this.room(kind)
    await room.send(type, body)
    await this.seen(kind, ({ pending }) => pending.length === 0)
  }

  /** Resolves once the room is as wanted, as this guest sees it. */
  async seen<K extends AnyClientKind>(kind: K, wanted: (snapshot: Room<K>['snapshot']) => boolean): Promise<void> {
    const room = this.room(kind)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (wanted(room.snapshot)) resolve()
    }
    const stop = room.subscribe(look)
    const timer = setTimeout(
      () => reject(new Error(`Not seen in ${kind.name}: ${JSON.stringify(room.snapshot.view)}`)),
      SEEN_MS_MAX,
    )
    try {
      look()
      await promise
    } finally {
      clearTimeout(timer)
      stop()
    }
  }

  [Symbol.dispose](): void {
    this.session.close()
  }
}
