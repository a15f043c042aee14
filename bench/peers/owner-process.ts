import { randomUUIDv7 } from 'node:crypto'
import { join } from 'node:path'
import {
  createNode,
  memoryBus,
  memoryRegistry,
  openSqliteLog,
  realRuntime,
  shardName,
  soloPlacement,
} from '@plenary/engine'
import { PlenaryError, type CommandId, type RoomId, type UserId } from '@plenary/kinds'
import { shardOf, shardTopic, type CommandDone, type Order } from '../../packages/engine/src/owner/orders.ts'
import { TEXT } from '../load/dialect.ts'
import { answerCalls } from '../process/calls.ts'
import { Profiles } from '../process/profile.ts'
import { settledUsage, usage } from '../process/usage.ts'
import { nodeParts } from './plenary-node.ts'

export interface OwnerSettings {
  folder: string
  profiles: string | null
}

/** An owner and nothing before it: who asks stands where a gateway would, and speaks to it over the bus of one process. */
const ZONE = 'local'
const SHARDS = 16
const ANSWER_MS = 60_000
const PEOPLE = 500

let askedAgain = 0
/** The last place of each room that was heard of, as a gateway knows it by the batches that came. */
const reached = new Map<RoomId, number>()

const { folder, profiles } = JSON.parse(process.argv[2] ?? '{}') as OwnerSettings
const { settings } = await nodeParts('node-1', join(folder, 'secrets.json'))
const runtime = realRuntime()
const log = await openSqliteLog({ file: join(folder, 'log.db') })
const bus = memoryBus(runtime)
const node = createNode({
  ...settings,
  roles: { gateway: false, owner: true },
  runtime,
  bus,
  log,
  placement: soloPlacement({ zone: ZONE, shards: SHARDS, epochOf: (shard) => log.epoch(shardName(ZONE, shard)) }),
  registry: memoryRegistry(runtime),
})
await node.start()

async function say(room: RoomId, by: number): Promise<void> {
  const person = { id: `user-${by}` as UserId, name: `Person ${by}`, role: 'attendee' } as const
  const command = { room, id: randomUUIDv7() as CommandId, type: 'post', body: { text: TEXT }, by: person }
  // As a gateway does: what is not answered for the time being is asked again under the same id.
  for (let again = false; ; again = true) {
    try {
      const order: Order = { op: 'command', command: { ...command, again, since: reached.get(room) ?? 0 } }
      const { header } = await bus.request(shardTopic(ZONE, shardOf(room, SHARDS)), { header: order }, ANSWER_MS)
      reached.set(room, Math.max(reached.get(room) ?? 0, (header as CommandDone).seq))
      return
    } catch (error) {
      if (!(error instanceof PlenaryError && error.temporary)) throw error
      askedAgain++
    }
  }
}

const profiling = profiles === null ? null : new Profiles(profiles)
const calls = {
  /** So many commands over so many rooms, so many of them waiting for their answer at a time. Answers how many were answered a second. */
  async say({ commands, rooms, waiting }: { commands: number; rooms: number; waiting: number }): Promise<number> {
    await profiling?.start()
    const began = performance.now()
    let next = 0
    const one = async () => {
      while (next < commands) {
        const index = next++
        await say(`room-of-${rooms}-${index % rooms}` as RoomId, index % PEOPLE)
      }
    }
    await Promise.all(Array.from({ length: waiting }, one))
    const perSecond = (commands * 1_000) / (performance.now() - began)
    await profiling?.stop()
    return perSecond
  },
  askedAgain: () => askedAgain,
  usage,
  settledUsage,
}

export type OwnerCalls = typeof calls
answerCalls(calls)
