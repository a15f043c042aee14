import type { CommandId, RoomId } from '@plenary/kinds'
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { etcdClient, etcdPlacement } from '../../packages/engine/src/etcd.ts'
import { openKafkaLog } from '../../packages/engine/src/kafka.ts'
import type { KafkaLogOptions } from '../../packages/engine/src/kafka.ts'
import { Fenced } from '../../packages/engine/src/log/log.ts'
import type { ShardLog, StoredEntry } from '../../packages/engine/src/log/log.ts'
import type { Holding } from '../../packages/engine/src/placement/placement.ts'
import { openPostgresLog } from '../../packages/engine/src/postgres.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'

/** What a process that owns shards is told. */
export interface OwnerProcessOptions {
  node: string
  etcd: string
  /** Of its keys at etcd. */
  root: string
  times: { ttlMs: number; renewMs: number; marginMs: number }
  /** The log in Kafka with PostgreSQL behind it, or in PostgreSQL alone where no broker is named. */
  log: KafkaLogOptions
  /** Where it notes what it does, one line of JSON each. */
  notes: string
}

/** One step of one append. */
export interface OwnerNote {
  node: string
  shard: number
  epoch: number
  room: RoomId
  /** The place of the append's first entry. */
  seq: number
  id: string
  step: 'sending' | 'accepted' | 'refused'
  /** By the clock of the machine, which all its processes share. */
  atMs: number
  /** With `accepted`: an owner would still acknowledge it. */
  inTime?: boolean
  /** With `refused`: because the epoch is over. */
  fenced?: boolean
}

const ENTRIES_PER_APPEND = 3
/** So often an owner that was refused tries again, against all reason. */
export const STUBBORN_TRIES = 5
const PAUSE_MS = 2

/** The room that whoever has the shard appends to, */
export const roomOf = (shard: number) => `room-${shard}` as RoomId
/** and one that nobody else ever does, so that only the epoch can keep an append out of it. */
const ownRoomOf = (shard: number, node: string) => `room-${shard}-of-${node}` as RoomId

/** Milliseconds since the machine began. */
export const machineMs = () => Number(process.hrtime.bigint() / 1_000_000n)

/**
 * A node that owns shards and never listens: it appends as fast as it can to whatever it ever had, told to let go or not, until the
 * log refuses it for good. So whatever keeps two of these apart is the log alone.
 */
async function main(options: OwnerProcessOptions): Promise<void> {
  const { node, log: where, root, times } = options
  const runtime = realRuntime()
  const logger = pino({ level: 'silent' })
  const log = await (where.brokers.length > 0 ? openKafkaLog(where) : openPostgresLog(where.postgres))
  const client = etcdClient({ endpoints: [options.etcd], runtime })
  const { zone, shards } = where
  const epochOf = (shard: number) => log.epoch(`${zone}/${shard}`)
  const placement = etcdPlacement({ client, runtime, logger, node, zone, shards, epochOf, root, times })
  const stopping = new AbortController()

  async function own(holding: Holding): Promise<void> {
    const { shard, epoch } = holding
    const taken: ShardLog = await log.acquire(`${zone}/${shard}`, epoch)
    const turns = await Promise.all(
      [roomOf(shard), ownRoomOf(shard, node)].map(async (room) => ({ room, head: (await taken.load(room)).head })),
    )
    for (let refusals = 0; refusals < STUBBORN_TRIES && !stopping.signal.aborted; await wait(PAUSE_MS)) {
      for (const turn of turns) if (!(await append(holding, taken, turn))) refusals++
    }
    if (!stopping.signal.aborted) await placement.renew(holding)
  }

  /** Whether it was accepted, and the room has gone on. */
  async function append(
    { shard, epoch, validUntil }: Holding,
    taken: ShardLog,
    turn: { room: RoomId; head: number },
  ): Promise<boolean> {
    const { room, head } = turn
    const entries = Array.from({ length: ENTRIES_PER_APPEND }, (_, index) => entry(head + index + 1, epoch))
    const about = { node, shard, epoch, room, seq: head + 1, id: entries[0]?.id ?? '' }
    note({ ...about, step: 'sending', atMs: machineMs() })
    try {
      await taken.append([{ room, after: head, entries, deadline: null }])
      const atMs = machineMs()
      note({ ...about, step: 'accepted', atMs, inTime: runtime.monotonic() < validUntil() })
      turn.head += ENTRIES_PER_APPEND
      return true
    } catch (error) {
      note({ ...about, step: 'refused', atMs: machineMs(), fenced: error instanceof Fenced })
      return false
    }
  }

  function entry(seq: number, epoch: number): StoredEntry {
    const json = JSON.stringify({ node, epoch })
    return { seq, id: randomUUID() as CommandId, at: Date.now(), sees: 'everyone', about: null, json }
  }
  const note = (what: OwnerNote) => appendFileSync(options.notes, `${JSON.stringify(what)}\n`)

  const owning = new Set<Promise<void>>()
  await placement.start({
    async gained(holding) {
      const all = own(holding)
        // Taking it can fail too, where somebody else was quicker.
        .catch((error: unknown) => console.error(node, holding.shard, holding.epoch, error))
        .finally(() => owning.delete(all))
      owning.add(all)
    },
    lost: async () => undefined,
  })
  process.once('SIGTERM', () => void stop())

  async function stop(): Promise<void> {
    stopping.abort()
    await placement.stop()
    await Promise.all(owning)
    await log.close()
    client.close()
  }
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '') as OwnerProcessOptions)
