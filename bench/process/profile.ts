import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'

const SAMPLE_US = 250

/** CPU profiles of this process's main thread, of just the work that is measured: one file for each time. */
export class Profiles {
  readonly #folder: string
  #session: Session | null = null
  #written = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async start(): Promise<void> {
    this.#session = new Session()
    this.#session.connect()
    await this.#session.post('Profiler.enable')
    await this.#session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
    await this.#session.post('Profiler.start')
  }

  async stop(): Promise<void> {
    if (this.#session === null) return
    const { profile } = await this.#session.post('Profiler.stop')
    this.#session.disconnect()
    this.#session = null
    await writeFile(join(this.#folder, `${process.pid}-${++this.#written}.cpuprofile`), JSON.stringify(profile))
  }
}
