import { chat } from '@plenary/kinds'
import type { api, Failure, RoomId } from '@plenary/kinds'
import {
  createClient,
  memoryStorage,
  socketIoTransport,
  type Client,
  type Room,
  type Session,
  type Status,
  type Transport,
  type WireListener,
} from '../../packages/client/src/index.ts'
import { eventually } from '../../scripts/cluster/running.ts'

const LIVE_MS_MAX = 30_000

export interface Way {
  url: string
  code: string
  name: string
  zone?: string
}

/** Someone in an event, and every byte that they were told. Disposing closes their connection. */
export class Person implements Disposable {
  readonly client: Client
  readonly session: Session
  /** Every message and every answer to a join, as text, in the order in which they came. */
  readonly told: string[]
  /** Each state of the connection that they have been in, with its node. */
  readonly states: Pick<Status, 'connection' | 'node'>[] = []

  private constructor(client: Client, session: Session, told: string[]) {
    this.client = client
    this.session = session
    this.told = told
    const look = () => {
      const { connection, node } = session.status
      const last = this.states.at(-1)
      if (last?.connection === connection && last.node === node) return
      this.states.push(node === undefined ? { connection } : { connection, node })
    }
    look()
    session.subscribe(look)
  }

  /** Comes in by code; all chats of the event are open when this resolves. */
  static async enter({ url, code, name, zone }: Way): Promise<Person> {
    const told: string[] = []
    const client = createClient({
      url,
      storage: memoryStorage(),
      transport: recording(told),
      ...(zone !== undefined && { zone }),
    })
    const session = await client.join({ code, name })
    const person = new Person(client, session, told)
    const rooms = person.chats.map(({ id }) => person.room(id))
    const live = () => rooms.every(({ snapshot }) => snapshot.state === 'live') && session.status.node !== undefined
    await eventually(`${name} in the event`, LIVE_MS_MAX, live)
    return person
  }

  /** The node that they are connected to. */
  get node(): string | undefined {
    return this.session.status.node
  }

  get chats(): api.EventInfo['rooms'] {
    return this.session.event.rooms.filter(({ kind }) => kind === chat.name)
  }

  /** A chat of the event; its first without an id. */
  room(id: RoomId | undefined = this.chats[0]?.id): Room<typeof chat> {
    if (id === undefined) throw new Error('The event has no room.')
    return this.session.room(chat, id)
  }

  /** Tries to get in at this very gateway, beside the connection that there is; answers why not, or null when let in. */
  async knock(gateway: string): Promise<Failure | null> {
    const body = { pass: this.client.pass(), event: this.session.event.id }
    const { ticket } = await this.client.http.post<{ ticket: string }>('/api/ticket', body, { bearer: null })
    return await new Promise((resolve) => {
      const wire = socketIoTransport.connect(
        { gateway, ticket },
        {
          message: () => undefined,
          closed: resolve,
          opened() {
            wire.close()
            resolve(null)
          },
        },
      )
    })
  }

  /** The texts that a room shows, oldest first. */
  texts(id?: RoomId): string[] {
    return (this.room(id).snapshot.view?.messages ?? []).map(({ text }) => text)
  }

  [Symbol.dispose](): void {
    this.session.close()
  }
}

/** The SDK's own way to a gateway, noting all that comes over it. */
function recording(told: string[]): Transport {
  return {
    connect(address, listener) {
      const noting: WireListener = {
        ...listener,
        opened: () => listener.opened(),
        closed: (failure) => listener.closed(failure),
        message(message) {
          told.push(JSON.stringify(message))
          listener.message(message)
        },
      }
      const wire = socketIoTransport.connect(address, noting)
      return {
        ...wire,
        join: (request, answer) =>
          wire.join(request, (given) => {
            told.push(JSON.stringify(given))
            answer(given)
          }),
      }
    },
  }
}

/** Makes an event at this very address, whose zone it then lives in. */
export async function newEvent(url: string, title: string) {
  const { event } = await createClient({ url, storage: memoryStorage() }).createEvent({ title })
  return event
}
