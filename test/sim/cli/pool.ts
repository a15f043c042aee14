import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Ran, Task } from './task.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
/** A run that takes longer than this does not end at all. */
const RUN_MS_MAX = 60_000
/** What such a run breaks. */
export const ENDLESS = 'end'
/** A process is followed by a fresh one after so many: what a run leaves behind must not weigh on the later ones. */
const RUNS_MAX = 100

interface Waiting {
  task: Task
  resolve(ran: Ran): void
  reject(error: Error): void
}

/** Processes that each run one task at a time, with the same planted bug or none. */
export class Pool {
  readonly #plant: string | null
  readonly #queue: Waiting[] = []
  readonly #workers = new Set<ChildProcess>()
  readonly #jobs: number
  /** How many tasks each has been through. */
  readonly #runs = new WeakMap<ChildProcess, number>()
  #idle: ChildProcess[] = []
  #closed = false

  constructor(jobs: number, plant: string | null) {
    this.#jobs = jobs
    this.#plant = plant
  }

  get jobs(): number {
    return this.#jobs
  }

  /** Rejects when the worker breaks down, or the pool is closed before. A run without an end is one with a violation. */
  run(task: Task): Promise<Ran> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('Nothing is run any more.'))
      this.#queue.push({ task, resolve, reject })
      this.#next()
    })
  }

  close(): void {
    this.#closed = true
    for (const { reject } of this.#queue.splice(0)) reject(new Error('Nothing is run any more.'))
    for (const worker of this.#workers) worker.kill('SIGKILL')
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const worker = this.#idle.pop() ?? (this.#workers.size < this.#jobs ? this.#start() : null)
    const waiting = worker === null ? undefined : this.#queue.shift()
    if (worker !== null && waiting !== undefined) this.#give(worker, waiting)
  }

  #start(): ChildProcess {
    const worker = fork(WORKER, this.#plant === null ? [] : [this.#plant], {
      // An interruption at the terminal is the parent's to hear.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#workers.add(worker)
    worker.once('exit', () => {
      this.#workers.delete(worker)
      this.#idle = this.#idle.filter((other) => other !== worker)
    })
    return worker
  }

  #give(worker: ChildProcess, { task, resolve, reject }: Waiting): void {
    let said = ''
    const hear = (text: Buffer) => void (said = (said + text.toString()).slice(-4_000))
    const settle = (settled: () => void) => {
      clearTimeout(timer)
      worker.off('message', message)
      worker.off('exit', exit)
      worker.stderr?.off('data', hear)
      settled()
      this.#next()
    }
    const message = (answer: Ran | 'ready') => {
      if (answer === 'ready') return void worker.send(task)
      settle(() => {
        const runs = (this.#runs.get(worker) ?? 0) + 1
        this.#runs.set(worker, runs)
        if (runs < RUNS_MAX) this.#idle.push(worker)
        else this.#retire(worker)
        resolve(answer)
      })
    }
    const exit = (code: number | null) =>
      settle(() => reject(new Error(`seed ${task.seed}: its process ended (${code ?? 'killed'}). ${said}`)))
    const timer = setTimeout(() => {
      worker.off('exit', exit)
      this.#retire(worker)
      settle(() => resolve(endless(task)))
    }, RUN_MS_MAX)
    worker.stderr?.on('data', hear)
    worker.on('message', message)
    worker.on('exit', exit)
    // A new one says when it is ready.
    if (this.#runs.has(worker)) worker.send(task)
    else this.#runs.set(worker, 0)
  }

  #retire(worker: ChildProcess): void {
    this.#workers.delete(worker)
    worker.kill('SIGKILL')
  }
}

function endless({ seed }: Task): Ran {
  const text = `seed ${seed} did not end within ${RUN_MS_MAX / 1_000} s.`
  const violations = [{ promise: ENDLESS, step: 0, at: 0, text }]
  return { steps: 0, simulatedMs: 0, hash: '', violations, trace: [], figures: {} }
}
