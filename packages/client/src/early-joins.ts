import type { JoinAnswer, Joined, JoinRequest, Welcome } from '@plenary/kinds'
import { CLIENT_LIMITS } from './limits.ts'

type Answer = (answer: JoinAnswer) => void

/**
 * Rooms that are asked for with the handshake, so that they are joined a round trip earlier. Their answers come by themselves; whoever joins
 * over the wire meanwhile is given one of them where it fits, and asks otherwise.
 */
export class EarlyJoins {
  readonly #send: (request: JoinRequest, answer: Answer) => void
  /** Without an answer so far. */
  readonly #asked = new Map<string, JoinRequest>()
  readonly #waiting = new Map<string, Answer>()

  /** `send` asks in the ordinary way. */
  constructor(send: (request: JoinRequest, answer: Answer) => void) {
    this.#send = send
  }

  /** What goes into the handshake beside the ticket. */
  ask(joins: readonly JoinRequest[] = []): { join?: JoinRequest[] } {
    const join = joins.slice(0, CLIENT_LIMITS.earlyJoins)
    for (const request of join) this.#asked.set(request.room, request)
    return join.length > 0 ? { join } : {}
  }

  /** A server that does not know of it has passed it over. */
  welcomed({ takes = [] }: Welcome): void {
    if (!takes.includes('join')) this.#asked.clear()
  }

  join(request: JoinRequest, answer: Answer): void {
    const { room } = request
    const asked = this.#asked.get(room)
    if (asked === undefined) this.#send(request, answer)
    // Two at a time the server refuses.
    else this.#waiting.set(room, leadsOn(asked, request) ? answer : () => this.#send(request, answer))
  }

  /** The room is left; what still comes for it is nobody's. */
  left(room: string): void {
    this.#asked.delete(room)
    this.#waiting.delete(room)
  }

  /** False for a room that the server has let in and nobody wants: it is to be left. */
  joined({ room, answer }: Joined): boolean {
    const waiting = this.#waiting.get(room)
    const asked = this.#asked.has(room)
    this.left(room)
    waiting?.(answer)
    return waiting !== undefined || !asked || !answer.ok
  }
}

/** Whether the answer to one request does for the other, which may be further. */
function leadsOn({ cursor: asked }: JoinRequest, { cursor: now }: JoinRequest): boolean {
  if (asked === undefined || now === undefined) return asked === now
  return asked.log === now.log && asked.seq <= now.seq
}
