import { createServer } from 'node:http'
import { openDataFolder } from '../../packages/server/src/ops/data-folder.ts'
import { listen } from '../../packages/server/src/ops/listen.ts'
import { openSoloNode } from '../../packages/server/src/ops/solo-node.ts'
import { answerCalls } from '../process/calls.ts'
import { Profiles } from '../process/profile.ts'
import { settledUsage, usage } from '../process/usage.ts'
import { nodeParts } from './plenary-node.ts'

export interface PlenarySettings {
  folder: string
  /** Where CPU profiles go; null for none. */
  profiles: string | null
}

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
  usage,
  settledUsage,
}

export type PlenaryCalls = typeof calls
answerCalls(calls)
