import { chat, document, kindTable } from '@plenary/kinds'
import type { EventId, Role, RoomSpec, UserId } from '@plenary/kinds'
import { createLogger } from '../../packages/server/src/ops/logger.ts'
import { prometheusMetrics } from '../../packages/server/src/ops/metrics.ts'
import type { NodeSettings } from '../../packages/server/src/ops/solo-node.ts'
import { loadSecrets } from '../../packages/server/src/people/secrets.ts'
import { createTickets } from '../../packages/server/src/people/tickets.ts'

export const EVENT = 'bench-event' as EventId
const CAPACITY = 50_000
const CHAT: RoomSpec = { kind: chat.name, settings: { slowMs: 0, hold: false }, access: { event: EVENT } }

/** What a server gives a node of its own, as far as that is not the platform: tickets signed, metrics counted, every room that is not in the log a chat. */
export interface NodeParts {
  settings: NodeSettings
  /** For so many people, each another one, counted from `from`. */
  tickets(some: { from: number; count: number }): Promise<string[]>
  /** How often the directory was asked; a server asks its database. */
  lookUps(): number
}

export async function nodeParts(id: string, secretsFile: string): Promise<NodeParts> {
  const tickets = createTickets(await loadSecrets(secretsFile), () => Date.now())
  let lookUps = 0
  return {
    settings: {
      id,
      zone: 'local',
      url: 'http://127.0.0.1',
      capacity: CAPACITY,
      directory: {
        async find() {
          lookUps++
          return CHAT
        },
      },
      kinds: kindTable([chat, document]),
      verifyTicket: tickets.readTicket,
      originAllowed: () => true,
      logger: createLogger('error'),
      metrics: prometheusMetrics(),
    },
    async tickets({ from, count }) {
      const made: string[] = []
      for (let index = from; index < from + count; index++) {
        const who = { user: `user-${index}` as UserId, name: `Person ${index}`, event: EVENT, role: 'attendee' as Role }
        made.push(await tickets.signTicket({ ...who, issuedAt: Date.now() }))
      }
      return made
    },
    lookUps: () => lookUps,
  }
}
