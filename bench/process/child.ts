import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, Calls } from './calls.ts'

const START_MS_MAX = 30_000

export interface ChildOptions {
  /** Handed over as JSON, its first argument. */
  settings?: unknown
  signal: AbortSignal
}

/** A process that was started here, and what it answers. Disposing of it ends it. */
export class Child<C extends Calls> implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  #ids = 0

  private constructor(child: ChildProcess) {
    this.#process = child
    child.on('message', (answer: Answer) => {
      const waits = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      if ('error' in answer) waits?.reject(new Error(answer.error))
      else waits?.resolve(answer.value)
    })
    child.on('exit', (code, signal) => this.#over(`ended (${signal ?? code})`))
    child.on('error', (error) => this.#over(error.message))
  }

  /** Resolves once it answers. Rejects when it ends before that, or takes too long. */
  static async start<C extends Calls>(file: string, options: ChildOptions): Promise<Child<C>> {
    options.signal.throwIfAborted()
    const child = fork(file, [JSON.stringify(options.settings ?? {})], {
      execArgv: ['--expose-gc'],
      env: { ...process.env, NODE_ENV: 'production' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = new Child<C>(child)
    const stop = () => void child.kill('SIGKILL')
    options.signal.addEventListener('abort', stop, { once: true })
    child.once('exit', () => options.signal.removeEventListener('abort', stop))
    try {
      await Promise.race([new Promise((resolve, reject) => started.#waiting.set(0, { resolve, reject })), late(file)])
      return started
    } catch (error) {
      stop()
      throw error
    }
  }

  get pid(): number {
    return this.#process.pid ?? -1
  }

  /** Rejects with what the call threw there, or when the process ends. */
  call<Op extends keyof C & string>(op: Op, ...given: Parameters<C[Op]>): Promise<Awaited<ReturnType<C[Op]>>> {
    const id = ++this.#ids
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) return reject(new Error(`A process that was asked for ${op} has ended.`))
      this.#waiting.set(id, { resolve: (value) => resolve(value as Awaited<ReturnType<C[Op]>>), reject })
      this.#process.send({ id, op, argument: given[0] })
    })
  }

  /** At once, as a crash does. */
  async kill(): Promise<void> {
    await this.#end(() => void this.#process.kill('SIGKILL'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(() => (this.#process.connected ? this.#process.disconnect() : this.#process.kill('SIGKILL')))
  }

  async #end(end: () => void): Promise<void> {
    const over = () => this.#process.exitCode !== null || this.#process.signalCode !== null
    if (over()) return
    const ended = once(this.#process, 'exit')
    end()
    await ended
  }

  #over(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`A process ${why}.`))
    this.#waiting.clear()
  }
}

function late(file: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${file} did not start in ${START_MS_MAX} ms.`)), START_MS_MAX).unref()
  })
}
