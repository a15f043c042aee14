import { markOf, stateOf, type Mark, type ProcessState } from './mark.ts'

/** A program of the cluster as its starter gives it. */
export interface Program {
  readonly pid: number
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  restart(): Promise<void>
}

/** A program under its name, with what was done to it last. */
export class Part {
  readonly name: string
  readonly #program: Program
  readonly #changed: () => void
  #mark: Mark | null = null
  /** Why it is not there, if it is not. */
  #gone: 'killed' | 'drained' | 'ended' = 'ended'

  private constructor(name: string, program: Program, changed: () => void) {
    this.name = name
    this.#program = program
    this.#changed = changed
  }

  /** Of a program that runs; `changed` is called whenever its process has become another. */
  static async of(name: string, program: Program, changed: () => void): Promise<Part> {
    const part = new Part(name, program, changed)
    await part.#look()
    return part
  }

  get mark(): Mark | null {
    return this.#mark
  }

  /** Its pid is null once it has gone. */
  async state(): Promise<{ pid: number | null; process: ProcessState; gone: 'killed' | 'drained' | 'ended' }> {
    const process = this.#mark === null ? 'gone' : await stateOf(this.#mark)
    return { pid: process === 'gone' ? null : (this.#mark?.pid ?? null), process, gone: this.#gone }
  }

  async kill(): Promise<void> {
    this.#gone = 'killed'
    await this.#program.kill()
  }

  async pause(): Promise<void> {
    await this.#program.pause()
  }

  async resume(): Promise<void> {
    await this.#program.resume()
  }

  async restart(): Promise<void> {
    this.#gone = 'ended'
    await this.#program.restart()
    await this.#look()
  }

  async drain(): Promise<void> {
    this.#gone = 'drained'
    await this.#program.stop()
  }

  async #look(): Promise<void> {
    this.#mark = await markOf(this.#program.pid)
    this.#changed()
  }
}
