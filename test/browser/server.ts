import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))
const READY_MS_MAX = 60_000
const PROBE_MS = 50

/** The product as a process of its own, on a port and data folder of its own, to be killed and started again. */
export class TestServer implements AsyncDisposable {
  readonly url: string
  readonly #port: number
  readonly #folder: string
  #process: ChildProcess | null = null
  #output = ''

  private constructor(port: number, folder: string) {
    this.#port = port
    this.#folder = folder
    this.url = `http://localhost:${port}`
  }

  static async start(): Promise<TestServer> {
    const server = new TestServer(await freePort(), await mkdtemp(join(tmpdir(), 'plenary-browser-')))
    await server.start()
    return server
  }

  /** Resolves once it takes work. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, '--port', String(this.#port), '--data', this.#folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LOG_LEVEL: 'warn' },
    })
    this.#process = child
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
    const deadline = Date.now() + READY_MS_MAX
    while (!(await this.#answers())) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`The server did not start:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, PROBE_MS))
    }
  }

  /** SIGKILL: no goodbye, nothing flushed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** What the server said for itself. */
  get output(): string {
    return this.#output
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok
    } catch {
      return false
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
