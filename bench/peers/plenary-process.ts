import { createServer } from 'node:http'
import type { RoomId, UserId } from '@plenary/kinds'
import { openDataFolder } from '../../packages/server/src/ops/data-folder.ts'
import { listen } from '../../packages/server/src/ops/listen.ts'
import { openSoloNode } from '../../packages/server/src/ops/solo-node.ts'
import { answerCalls } from '../process/calls.ts'
import { Profiles } from '../process/profile.ts'
import { settledUsage, usage } from '../process/usage.ts'
import { EVENT, nodeParts } from './plenary-node.ts'

export interface PlenarySettings {
  folder: string
  /** Where CPU profiles go; null for none. */
  profiles: string | null
}

const HISTORY_PAGE = 50

/**
 * A node as the server puts it together for one machine, its log in SQLite. Only the platform beside it, with accounts and
 * pages, is left out.
 */
const { folder, profiles } = JSON.parse(process.argv[2] ?? '{}') as PlenarySettings
const data = await openDataFolder(folder)
const { settings } = await nodeParts('node-1', data.secrets)
const { node } = await openSoloNode(data, settings)
const http = createServer()
await node.start()
node.attach(http)
const port = await listen(http, 0, '127.0.0.1')

const profiling = profiles === null ? null : new Profiles(profiles)
const calls = {
  port: () => port,
  async startProfile() {
    await profiling?.start()
  },
  async stopProfile() {
    await profiling?.stop()
  },
  /** How long it took to read a page of a room's history before this place, in milliseconds. */
  async historyMs({ room, before }: { room: RoomId; before: number }): Promise<number> {
    const reader = {
      user: 'user-0' as UserId,
      name: 'Person 0',
      event: EVENT,
      role: 'attendee' as const,
      issuedAt: Date.now(),
    }
    const began = performance.now()
    const { entries } = await node.entries(room, reader, { before, limit: HISTORY_PAGE })
    const tookMs = performance.now() - began
    if (entries.length < Math.min(HISTORY_PAGE, before - 2)) throw new Error(`Only ${entries.length} entries came.`)
    return tookMs
  },
  usage,
  settledUsage,
}

export type PlenaryCalls = typeof calls
answerCalls(calls)
