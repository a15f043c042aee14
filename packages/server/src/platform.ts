import { randomInt, randomUUID } from 'node:crypto'
import type { PlenaryNode } from '@plenary/engine'
import type { KindTable, Millis } from '@plenary/kinds'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { documentHistory, type DocumentHistory } from './documents/document-history.ts'
import type { EventTable } from './events/event-table.ts'
import { rehearsals, type Rehearsals } from './events/rehearsals.ts'
import { quickMatch, type QuickMatch } from './events/quick-match.ts'
import type { Blobs } from './files/blobs.ts'
import { roomFiles, type RoomFiles } from './files/room-files.ts'
import { inboxes, type Inboxes } from './inbox/inboxes.ts'
import { rateLimits, type RateLimits } from './http/rate-limits.ts'
import { overlayKeys, type OverlayKeys } from './overlays/overlay-keys.ts'
import type { ServerMetrics } from './ops/metrics.ts'
import { accounts, type Accounts } from './people/accounts.ts'
import { claims, type Claims } from './people/claims.ts'
import { entrance, type Entrance } from './people/entrance.ts'
import { smtpMailer } from './people/mailer-smtp.ts'
import { invitations, type Invitations } from './people/invitations.ts'
import { Notes } from './people/notes.ts'
import { people, type People } from './people/people.ts'
import { revocations, type Revocations } from './people/revocations.ts'
import { rosters } from './people/rosters.ts'
import type { Tickets } from './people/tickets.ts'
import type { Store } from './store/store.ts'

/** What a platform stands on. */
export interface PlatformParts {
  readonly config: Config
  /** This node's name. */
  readonly nodeId: string
  readonly node: PlenaryNode
  readonly store: Store
  readonly blobs: Blobs
  readonly events: EventTable
  readonly kinds: KindTable
  readonly tickets: Tickets
  /** Signs the cookies of accounts. */
  readonly authSecret: string
  readonly metrics: ServerMetrics
  readonly logger: Logger
  now(): Millis
  /** Milliseconds that never go back. */
  monotonic(): number
}

/** Everything that requests are served from. */
export interface Platform extends PlatformParts {
  readonly entrance: Entrance
  readonly people: People
  readonly rehearsals: Rehearsals
  readonly accounts: Accounts
  readonly claims: Claims
  readonly limits: RateLimits
  readonly revocations: Revocations
  readonly notes: Notes
  readonly invitations: Invitations
  readonly quickMatch: QuickMatch
  readonly files: RoomFiles
  readonly documents: DocumentHistory
  readonly inboxes: Inboxes
  readonly overlayKeys: OverlayKeys
  /** Whether the platform's own database answers. */
  storeAnswers(): Promise<boolean>
}

export function createPlatform(parts: PlatformParts): Platform {
  const { config, store, authSecret: secret, logger } = parts
  const named = { ...parts, id: randomUUID }
  const shared = { ...named, revocations: revocations(store, parts.node, parts.now), notes: new Notes(named) }
  const mailer = config.mailUrl === undefined ? null : smtpMailer(config.mailUrl, config.mailFrom ?? '')
  return {
    ...shared,
    entrance: entrance({ ...shared, rosters: rosters(parts) }),
    people: people(shared),
    rehearsals: rehearsals(shared),
    invitations: invitations({ store, pick: randomInt }),
    quickMatch: quickMatch(store, parts.now),
    files: roomFiles({ ...parts, secret }),
    documents: documentHistory(parts),
    inboxes: inboxes(parts),
    overlayKeys: overlayKeys(shared),
    accounts: accounts({ config, store, secret, mailer, logger }),
    claims: claims(shared),
    limits: rateLimits(parts.monotonic),
    async storeAnswers() {
      try {
        await store.selectFrom('event').select('id').limit(1).execute()
        return true
      } catch (error) {
        logger.error({ err: error }, 'the database does not answer')
        return false
      }
    },
  }
}
