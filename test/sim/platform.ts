import { PlenaryError, toFailure } from '@plenary/kinds'
import type { Identity, RoomId } from '@plenary/kinds'
import type { Fetch } from '../../packages/client/src/http.ts'
import type { PlenaryNode } from '../../packages/engine/src/node.ts'
import { BEGAN_AT, EVENT, roleOf, roomOf, userOf } from './cast.ts'
import type { Device } from './device.ts'
import type { Draws } from './draws.ts'
import type { Shape } from './plan.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import { wireMs } from './wires.ts'

export interface PlatformDeps {
  scheduler: Scheduler
  draws: Draws
  shape: Shape
  /** Processes that take requests now. */
  doors(): readonly { process: Process; node: PlenaryNode }[]
  isKicked(person: number): boolean
}

type Respond = (status: number, body: object) => void

/** The event platform's HTTP as the SDK uses it, answered by any node that takes work. */
export class Platform {
  readonly #deps: PlatformDeps

  constructor(deps: PlatformDeps) {
    this.#deps = deps
  }

  /** A device's `fetch`. */
  fetch(device: Device): Fetch {
    const { scheduler, draws } = this.#deps
    return (url, { headers, signal }) =>
      new Promise((resolve, reject) => {
        const { person } = device
        const draw = draws.of(`http ${person}`)
        const label = `person-${person} asks for ${new URL(url).pathname}`
        const unreachable = () => device.take(() => reject(new TypeError('fetch failed')))
        signal.addEventListener('abort', unreachable)
        const respond: Respond = (status, answer) => {
          const text = JSON.stringify(answer)
          scheduler.after(wireMs(draw), label, () =>
            device.take(() =>
              resolve({
                ok: status < 400,
                status,
                headers: { get: () => null },
                json: async () => JSON.parse(text) as unknown,
              }),
            ),
          )
        }
        scheduler.after(wireMs(draw), label, () => {
          const doors = this.#deps.doors()
          if (doors.length === 0) return unreachable()
          const { process, node } = draw.oneOf(doors)
          // What dies under a request is noticed by the door.
          process.whenEnded(() => void scheduler.after(wireMs(draw), label, unreachable))
          process.take(label, () => {
            const path = new URL(url)
            this.#answer(person, node, path, headers['authorization'] ?? '').then(
              (answer) => process.call(() => respond(200, answer)),
              (error: unknown) => process.call(() => respond(503, toFailure(error))),
            )
          })
        })
      })
  }

  async #answer(person: number, node: PlenaryNode, url: URL, bearer: string): Promise<object> {
    if (this.#deps.isKicked(person)) throw new PlenaryError('forbidden', 'You cannot be in this event any more.')
    switch (url.pathname) {
      case '/api/join':
      case '/api/ticket': {
        const { url: gateway } = await node.assign()
        const ticket = JSON.stringify(this.#identity(person))
        return { ticket, pass: `pass-${person}`, event: this.#event(), me: meOf(person), gateway }
      }
      case '/api/assign':
        return node.assign(url.searchParams.get('zone') ?? undefined)
      default: {
        const room = /^\/api\/rooms\/([^/]+)\/entries$/.exec(url.pathname)?.[1]
        if (room === undefined) throw new PlenaryError('not_found', 'There is no such path.')
        const who = JSON.parse(bearer.replace('Bearer ', '')) as Identity
        const number = (name: string) => Number(url.searchParams.get(name) ?? Number.NaN)
        const before = number('before')
        const query = { limit: number('limit') || 50, ...(Number.isNaN(before) ? {} : { before }) }
        return node.entries(room as RoomId, who, query)
      }
    }
  }

  #identity(person: number): Identity {
    const { id: user, name, role } = meOf(person)
    const issuedAt = Math.floor(BEGAN_AT + this.#deps.scheduler.now)
    return { user, name, event: EVENT, role, issuedAt }
  }

  #event() {
    const { rooms } = this.#deps.shape
    return {
      id: EVENT,
      code: 'EVENT',
      title: 'An event',
      status: 'live',
      rooms: Array.from({ length: rooms }, (_, room) => ({ id: roomOf(room), kind: 'tally', title: `Room ${room}` })),
    }
  }
}

const meOf = (person: number) => ({ id: userOf(person), name: `Person ${person}`, role: roleOf(person) })
