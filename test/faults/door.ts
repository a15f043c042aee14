import { createClient, memoryStorage, socketIoTransport } from '../../packages/client/src/index.ts'
import type { EventInfo, JoinEventAnswer } from '../../packages/kinds/src/api.ts'

/** Two nodes that let people into one event, each with the tickets of the other as with its own. */
export class Door {
  readonly #nodes: readonly string[]
  readonly #event: EventInfo
  readonly #owner: string
  #guests = 0

  private constructor(nodes: readonly string[], event: EventInfo, owner: string) {
    this.#nodes = nodes
    this.#event = event
    this.#owner = owner
  }

  /** In front of a fresh event, made at the first of these addresses. */
  static async open(...nodes: [string, string]): Promise<Door> {
    const { event, pass } = await createClient({ url: nodes[0], storage: memoryStorage() }).createEvent({
      title: 'Door',
    })
    return new Door(nodes, event, pass)
  }

  /** How many fresh tickets one node did not take that it or the other had given. */
  async refusedTickets(): Promise<number> {
    let refused = 0
    for (const [giving, taking] of this.#ways()) {
      if (!(await isLetIn(taking, (await this.#guest(giving)).ticket))) refused++
    }
    return refused
  }

  /** How many got in with a ticket of theirs after they had been banned. */
  async bannedLetIn(): Promise<number> {
    let letIn = 0
    for (const [giving, taking] of this.#ways()) {
      const guest = await this.#guest(giving)
      for (const banning of this.#nodes) {
        await this.#ban(banning, guest)
        if (await isLetIn(taking, guest.ticket)) letIn++
      }
    }
    return letIn
  }

  #ways(): [giving: string, taking: string][] {
    return this.#nodes.flatMap((giving) => this.#nodes.map((taking): [string, string] => [giving, taking]))
  }

  async #guest(node: string): Promise<JoinEventAnswer> {
    const answer = await fetch(`${node}/api/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: this.#event.code, name: `Guest ${this.#guests++}` }),
    })
    if (!answer.ok) throw new Error(`A guest was not let in: ${answer.status}`)
    return (await answer.json()) as JoinEventAnswer
  }

  async #ban(node: string, { me }: JoinEventAnswer): Promise<void> {
    const answer = await fetch(`${node}/api/events/${this.#event.id}/people/${me.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#owner}` },
      body: JSON.stringify({ name: me.name, banned: true }),
    })
    if (!answer.ok) throw new Error(`A guest could not be banned: ${answer.status}`)
  }
}

async function isLetIn(gateway: string, ticket: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const wire = socketIoTransport.connect(
      { gateway, ticket },
      {
        message: () => undefined,
        closed: () => resolve(false),
        opened() {
          wire.close()
          resolve(true)
        },
      },
    )
  })
}
