import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noMetrics } from '../../packages/engine/src/index.ts'
import { startKafkaWriter } from '../../packages/engine/src/kafka.ts'
import type { KafkaLogOptions } from '../../packages/engine/src/kafka.ts'
import { openPostgresLog } from '../../packages/engine/src/postgres.ts'
import { ensureEtcd, startEtcd } from '../../scripts/engines/etcd.ts'
import type { EtcdEngine } from '../../scripts/engines/etcd.ts'
import { ensureKafka, startKafka } from '../../scripts/engines/kafka.ts'
import { ensurePostgres, startPostgres } from '../../scripts/engines/postgres.ts'
import type { PostgresEngine } from '../../scripts/engines/postgres.ts'
import { everything } from './kafka-cluster.ts'
import { machineMs, roomOf, STUBBORN_TRIES } from './owner-process.ts'
import type { OwnerNote, OwnerProcessOptions } from './owner-process.ts'

const TIMES = { ttlMs: 2_000, renewMs: 500, marginMs: 300 }
const PAUSED_MS = 3 * TIMES.ttlMs
const SHARDS = 4
const ZONE = 'z'
const TEST_MS_MAX = 50_000
const PROGRAM = join(import.meta.dirname, 'owner-process.ts')
const there = (await ensureEtcd()) !== null && (await ensurePostgres()) !== null
const kafkaThere = there && (await ensureKafka()) !== null

describe.skipIf(!there)('two processes that own the same shards', () => {
  let etcd: EtcdEngine
  let postgres: PostgresEngine
  let folder: string
  beforeAll(async () => {
    ;[etcd, postgres] = await Promise.all([startEtcd(), startPostgres()])
    folder = await mkdtemp(join(tmpdir(), 'plenary-two-owners-'))
  })
  afterAll(async () => {
    await Promise.all([etcd[Symbol.asyncDispose](), postgres[Symbol.asyncDispose]()])
    await rm(folder, { recursive: true, force: true })
  })

  test(
    '[R4] one of them paused for three leases: never do both have an append accepted',
    { timeout: TEST_MS_MAX },
    () => takeTurns('direct', []),
  )

  test.skipIf(!kafkaThere)('[R4] the same with Kafka in front of PostgreSQL', { timeout: TEST_MS_MAX }, async () => {
    await using kafka = await startKafka()
    await takeTurns('kafka', [kafka.address])
  })

  /** Each is paused once in mid-append, while the other takes over. */
  async function takeTurns(name: string, brokers: string[]): Promise<void> {
    const log: KafkaLogOptions = {
      brokers,
      topicPrefix: name,
      zone: ZONE,
      shards: SHARDS,
      postgres: { url: postgres.url, schema: `two_${name}` },
    }
    await using stack = new AsyncDisposableStack()
    if (brokers.length > 0) {
      const writer = await startKafkaWriter({ ...log, metrics: noMetrics })
      stack.defer(() => writer.stop())
    }
    const start = async (node: string) => {
      const notes = join(folder, `${name}-${node}`)
      return stack.use(await OwnerProcess.start({ node, etcd: etcd.url, root: `/${name}`, times: TIMES, log, notes }))
    }
    const one = await start('one')
    await until(async () => (await one.acceptedIn()).size === SHARDS)
    const two = await start('two')
    for (const [holder, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const since = (await other.notes()).length
      await until(async () => (await holder.acceptedIn()).size === SHARDS)
      const before = await holder.pauseInMidAppend()
      const pausedAtMs = machineMs()
      const paused = wait(PAUSED_MS)
      await until(async () => (await other.acceptedIn(since)).size === SHARDS)
      await paused
      holder.signal('SIGCONT')
      await until(async () => (await holder.refusalsPerShard(before.length)).every((count) => count >= STUBBORN_TRIES))
      const after = (await holder.notes()).slice(before.length)
      expectRefused(before, after, pausedAtMs)
      // Over Kafka its connection may have died meanwhile, and then it ends its epoch by itself: it cannot know any better.
      if (brokers.length === 0) expectFenced(after)
    }
    await Promise.all([one.stop(), two.stop()])
    const notes = [...(await one.notes()), ...(await two.notes())]
    await expectOneWriter(log, notes)
    const counted = (step: string) => notes.filter((note) => note.step === step).length
    console.log(`${name}: ${counted('accepted')} appends accepted, ${counted('refused')} refused`)
  }
})

/** Of a process that was paused: nothing that it began afterwards was accepted, and nothing from before was acknowledged. */
function expectRefused(before: readonly OwnerNote[], after: readonly OwnerNote[], pausedAtMs: number): void {
  const begun = new Set(before.map(({ id }) => id))
  const epochs = new Set(before.map(({ shard, epoch }) => `${shard} ${epoch}`))
  const stale = after.filter(({ shard, epoch }) => epochs.has(`${shard} ${epoch}`))
  expect(stale.filter(({ step, id }) => step === 'accepted' && !begun.has(id))).toEqual([])
  // It may have been stopped between looking at the clock and writing that down.
  expect(stale.filter(({ inTime, atMs }) => inTime === true && atMs > pausedAtMs)).toEqual([])
}

/** Of each shard, the paused one was told by the log itself that its epoch is over. */
function expectFenced(after: readonly OwnerNote[]): void {
  const fenced = new Set(after.filter((note) => note.fenced === true).map(({ shard }) => shard))
  expect(fenced.size).toBe(SHARDS)
}

/** The log is dense and without duplicates, has all that was accepted where that was said, and each epoch has one writer. */
async function expectOneWriter({ postgres, brokers }: KafkaLogOptions, notes: readonly OwnerNote[]): Promise<void> {
  const log = await openPostgresLog(postgres)
  try {
    for (const [room, own] of Map.groupBy(notes, (note) => note.room)) {
      const accepted = own.filter(({ step }) => step === 'accepted')
      const newest = Math.max(...accepted.map(({ seq }) => seq))
      // Behind Kafka, the writer may still be on its way.
      if (brokers.length > 0) await until(async () => (await log.head(room)) >= newest)
      const entries = await everything(log, room)
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
      expect(accepted.filter(({ seq, id }) => entries[seq - 1]?.id !== id)).toEqual([])
      const written = entries.map(({ json }) => JSON.parse(json) as { node: string; epoch: number })
      const epochs = written.map(({ epoch }) => epoch)
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
      const nodes = (epoch: number) => new Set(written.filter((each) => each.epoch === epoch).map(({ node }) => node))
      for (const epoch of new Set(epochs)) expect(nodes(epoch).size).toBe(1)
    }
    for (let shard = 0; shard < SHARDS; shard++) {
      const entries = await everything(log, roomOf(shard))
      // Both came about, or this has shown nothing.
      expect(new Set(entries.map(({ json }) => (JSON.parse(json) as { node: string }).node)).size).toBe(2)
    }
  } finally {
    await log.close()
  }
}

/** A node in a process of its own, and what it has noted. */
class OwnerProcess implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>
  readonly #file: string

  private constructor(child: ReturnType<typeof spawn>, file: string) {
    this.#child = child
    this.#file = file
  }

  static async start(options: OwnerProcessOptions): Promise<OwnerProcess> {
    await writeFile(options.notes, '')
    const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    return new OwnerProcess(child, options.notes)
  }

  async notes(): Promise<OwnerNote[]> {
    const lines = (await readFile(this.#file, 'utf8')).split('\n')
    // A last line may be on its way.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as OwnerNote)
  }

  /** The shards in which something was accepted after so many notes. */
  async acceptedIn(since = 0): Promise<Set<number>> {
    const accepted = (await this.notes()).slice(since).filter(({ step }) => step === 'accepted')
    return new Set(accepted.map(({ shard }) => shard))
  }

  async refusalsPerShard(since: number): Promise<number[]> {
    const refused = (await this.notes()).slice(since).filter(({ step }) => step === 'refused')
    return Array.from({ length: SHARDS }, (_, shard) => refused.filter((note) => note.shard === shard).length)
  }

  /** Stops it while an append is under way; its notes so far. */
  async pauseInMidAppend(): Promise<OwnerNote[]> {
    for (;;) {
      this.signal('SIGSTOP')
      const notes = await this.#quietNotes()
      const last = Array.from({ length: SHARDS }, (_, shard) => notes.findLast((note) => note.shard === shard))
      if (last.some((note) => note?.step === 'sending')) return notes
      this.signal('SIGCONT')
      await wait(1)
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.signal('SIGCONT')
    this.signal('SIGTERM')
    await once(this.#child, 'exit')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.signal('SIGKILL')
    await once(this.#child, 'exit')
  }

  /** A signal takes effect a moment after it was sent. */
  async #quietNotes(): Promise<OwnerNote[]> {
    await until(async () => /^State:\s+T/m.test(await readFile(`/proc/${this.#child.pid}/status`, 'utf8')))
    return await this.notes()
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20)
}
