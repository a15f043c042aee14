import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPILE_CACHE, warmCompileCache } from '../../scripts/compile-cache.ts'
import { freePort } from '../../scripts/engines/ports.ts'
import { startProcess, type RunningProcess } from '../../scripts/engines/process.ts'

const MAIN = join(import.meta.dirname, '../../packages/server/src/main.ts')

/** One server on its own, in a process and a folder of its own. Disposing of it ends it and removes the folder. */
export class SoloServer implements AsyncDisposable {
  readonly url: string
  readonly #process: RunningProcess
  readonly #folder: string

  private constructor(url: string, running: RunningProcess, folder: string) {
    this.url = url
    this.#process = running
    this.#folder = folder
  }

  /** It takes work when this resolves. Throws with the end of its log. */
  static async start(): Promise<SoloServer> {
    await warmCompileCache()
    const folder = await mkdtemp(join(tmpdir(), 'plenary-faults-'))
    const url = `http://127.0.0.1:${await freePort()}`
    const settings = { PORT: new URL(url).port, HOST: '127.0.0.1', PLENARY_DATA: join(folder, 'data') }
    const running = await startProcess({
      name: 'server',
      command: process.execPath,
      args: [MAIN],
      folder,
      env: { ...settings, LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: COMPILE_CACHE },
      ready: async () => (await fetch(`${url}/readyz`)).ok,
    })
    return new SoloServer(url, running, folder)
  }

  get pid(): number {
    return this.#process.pid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
