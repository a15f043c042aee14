import { DatabaseSync } from 'node:sqlite'
import { Admin, Producer } from '@platformatic/kafka'
import pg from 'pg'
import { answerCalls } from '../process/calls.ts'
import type { LogSettings } from './open-log.ts'

/** Writes one batch as durably as ours, with nothing around it. */
interface BareEngine {
  append(texts: readonly string[]): Promise<void>
}

const TOPIC = 'bench-bare'

const engine = await open(JSON.parse(process.argv[2] ?? '{}') as LogSettings)

async function open(settings: LogSettings): Promise<BareEngine> {
  if (settings.engine === 'sqlite') return sqlite(settings.file)
  if (settings.engine === 'postgres') return await postgres(settings.url)
  return await kafka(settings.broker)
}

function sqlite(file: string): BareEngine {
  const db = new DatabaseSync(file)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (num INTEGER PRIMARY KEY, text TEXT)',
  )
  const insert = db.prepare('INSERT INTO bare (text) VALUES (?)')
  return {
    async append(texts) {
      db.exec('BEGIN IMMEDIATE')
      for (const text of texts) insert.run(text)
      db.exec('COMMIT')
    },
  }
}

async function postgres(url: string): Promise<BareEngine> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE IF NOT EXISTS bare (num bigserial PRIMARY KEY, text text NOT NULL)')
  return {
    async append(texts) {
      const text = 'INSERT INTO bare (text) SELECT * FROM unnest($1::text[])'
      await client.query({ name: 'bare', text, values: [texts] })
    },
  }
}

async function kafka(broker: string): Promise<BareEngine> {
  const common = { clientId: 'bench-bare', bootstrapBrokers: [broker] }
  const admin = new Admin(common)
  await admin.createTopics({ topics: [TOPIC], partitions: 1, replicas: 1 })
  await admin.close()
  const producer = new Producer({ ...common, idempotent: true, retries: 2 })
  return {
    async append(texts) {
      const value = Buffer.from(texts.join('\n'))
      await producer.send({ messages: [{ topic: TOPIC, partition: 0, value }] })
    },
  }
}

const calls = {
  /** So many batches of so many texts, begun so many milliseconds apart. Answers how long each took, in milliseconds. */
  async append({
    batches,
    entries,
    chars,
    everyMs,
  }: {
    batches: number
    entries: number
    chars: number
    everyMs: number
  }) {
    const texts = Array.from({ length: entries }, () => 'x'.repeat(chars))
    const took: number[] = []
    const began = performance.now()
    for (let index = 0; index < batches; index++) {
      const waitMs = began + index * everyMs - performance.now()
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      const from = performance.now()
      await engine.append(texts)
      took.push(performance.now() - from)
    }
    return took
  },
}

export type BareAppendCalls = typeof calls
answerCalls(calls)
