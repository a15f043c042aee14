import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { PartAction } from './arguments.ts'
import type { NewNode } from './cluster.ts'
import { ClusterError, type ClusterState, type ClusterStatus, type NodeStatus } from './state.ts'

/** What later commands ask of the supervisor. */
export type Order =
  | { do: 'status' }
  | { do: PartAction; name: string }
  | ({ do: 'add' } & NewNode)
  | { do: 'down'; keep: boolean }

/** What each order is answered with. */
export interface Answers {
  status: ClusterStatus
  add: NodeStatus
}
type AnswerTo<O extends Order> = O['do'] extends keyof Answers ? Answers[O['do']] : null
type Reply = { ok: true; answer: unknown } | { ok: false; message: string }

/** The longest order is a drain. */
const ANSWER_MS_MAX = 120_000

export interface Control {
  readonly address: NonNullable<ClusterState['control']>
  close(): void
}

/** Takes orders on loopback from whoever can read the state file. */
export async function serveControl(obey: (order: Order) => Promise<unknown>): Promise<Control> {
  const token = randomBytes(24).toString('base64url')
  const expected = Buffer.from(`Bearer ${token}`)
  const allowed = (request: IncomingMessage) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  const server = createServer((request, response) => {
    const answer = async (): Promise<[status: number, reply: Reply]> => {
      if (!allowed(request)) return [401, { ok: false, message: 'Not allowed.' }]
      try {
        return [200, { ok: true, answer: (await obey(JSON.parse(await text(request)) as Order)) ?? null }]
      } catch (error) {
        if (!(error instanceof ClusterError)) console.error(error)
        return [200, { ok: false, message: error instanceof Error ? error.message : String(error) }]
      }
    }
    void answer().then(([status, reply]) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      response.end(JSON.stringify(reply))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: { url: `http://127.0.0.1:${port}`, token },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Gives an order and waits for its answer. Throws a {@link ClusterError} with what was wrong. */
export async function giveOrder<O extends Order>(control: Control['address'], order: O): Promise<AnswerTo<O>> {
  let reply: Reply
  try {
    const response = await fetch(control.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${control.token}` },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    })
    reply = (await response.json()) as Reply
  } catch (error) {
    throw new ClusterError(
      `The cluster's supervisor does not answer: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (!reply.ok) throw new ClusterError(reply.message)
  return reply.answer as AnswerTo<O>
}
