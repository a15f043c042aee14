import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../scripts/engines/ports.ts'
import { startProcess } from '../scripts/engines/process.ts'
import { COMPILE_CACHE, warmCompileCache } from '../scripts/compile-cache.ts'
import type { Benchmark } from './benchmark.ts'
import { fillLog } from './filled-log.ts'
import { inTurn } from './rounds.ts'
import { Stage } from './stage.ts'

const MAIN = join(import.meta.dirname, '../packages/server/src/main.ts')
const MANY = 100_000
const FEW = 1_000
const ROUNDS = 5

const READY_MS_MAX = 2_000
/** Memory of many over that of few; what differs between two starts of the same is a few percent. */
const MEMORY_MAX = 1.1

/** Whether rooms that nobody uses cost anything. */
export const start: Benchmark = {
  name: 'start',
  what: `the whole server: from the start of its process to ready, with ${MANY.toLocaleString('en')} rooms on disk`,
  bar: `≤ ${READY_MS_MAX / 1_000} s; memory ≤ ${MEMORY_MAX} × that with ${FEW.toLocaleString('en')} rooms`,
  unit: 'ms',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const folders = { many: await stage.folder(), few: await stage.folder() }
    await fillLog(folders.many, MANY)
    await fillLog(folders.few, FEW)
    context.progress(`${MANY} and ${FEW} rooms are on disk`)
    // As `npm start` does.
    await warmCompileCache()
    const memory = { many: [] as number[], few: [] as number[] }
    const ready = (which: keyof typeof folders) => async () => {
      context.signal.throwIfAborted()
      const { ms, rssBytes } = await startOnce(folders[which])
      memory[which].push(rssBytes)
      return ms
    }
    const { many, few } = await inTurn(ROUNDS, { many: ready('many'), few: ready('few') }, context.progress)
    const least = (which: keyof typeof folders) => Math.min(...memory[which])
    const ratio = least('many') / least('few')
    return {
      sides: [
        { name: `${MANY.toLocaleString('en')} rooms`, value: many },
        { name: `${FEW.toLocaleString('en')} rooms`, value: few },
      ],
      held: [
        { name: 'ms until ready', value: many, atMost: READY_MS_MAX, ratio: false },
        { name: 'of the memory with few', value: ratio, atMost: MEMORY_MAX, ratio: true },
      ],
      rounds: ROUNDS,
      figures: { manyBytes: least('many'), fewBytes: least('few') },
    }
  },
}

async function startOnce(data: string): Promise<{ ms: number; rssBytes: number }> {
  const port = await freePort()
  const began = performance.now()
  await using server = await startProcess({
    name: 'server',
    command: process.execPath,
    args: [MAIN],
    folder: data,
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      PLENARY_DATA: data,
      LOG_LEVEL: 'warn',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
  })
  const ms = performance.now() - began
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  return { ms, rssBytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024 }
}
