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
import { PlenaryError, type Actor, type CommandId, type RoomId, type UserId } from '@plenary/kinds'
import {
  shardOf,
  shardTopic,
  type CommandDone,
  type CommandOrder,
  type Order,
} from '../../packages/engine/src/owner/orders.ts'
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

type Command = Omit<CommandOrder, 'again'>

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

/** Whoever asks makes these, in clients and gateways, so that it is none of what is counted here. */
function commandsFor({ commands, rooms }: { commands: number; rooms: number }): Command[] {
  const people = Array.from(
    { length: PEOPLE },
    (_, by) => ({ id: `user-${by}` as UserId, name: `Person ${by}`, role: 'attendee' }) as const,
  )
  const named = Array.from({ length: rooms }, (_, index) => `room-of-${rooms}-${index}` as RoomId)
  const made = Array.from({ length: commands }, (_, index) => ({
    room: named[index % rooms] as RoomId,
    id: randomUUIDv7() as CommandId,
    type: 'post',
    body: { text: TEXT },
    by: people[index % PEOPLE] as Actor,
  }))
  // As they come over a network, and not as strings that are still in pieces.
  return JSON.parse(JSON.stringify(made)) as Command[]
}

async function say(command: Command): Promise<void> {
  const { room } = command
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
    const prepared = commandsFor({ commands, rooms })
    await profiling?.start()
    const began = performance.now()
    let next = 0
    const one = async () => {
      for (let command = prepared[next++]; command !== undefined; command = prepared[next++]) await say(command)
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
