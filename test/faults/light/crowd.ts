import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { Seq } from '@plenary/kinds'
import { eventually } from '../../../scripts/cluster/running.ts'
import { Latencies } from './latencies.ts'
import type { LightPerson } from './client.ts'
import type { CrowdAnswers, CrowdCount, CrowdOrder, CrowdReport } from './orders.ts'

const PROGRAM = join(import.meta.dirname, 'crowd-process.ts')

interface Answered {
  id: number
  answer?: unknown
  error?: string
}

/** Thousands of light clients in processes of their own, so that they do not share a thread with anything that is measured. */
export class LightCrowd implements AsyncDisposable {
  readonly #children: ChildProcess[]
  readonly #firstPart: number
  #orders = 0

  /** Crowds beside each other number their processes from different ones on: names and addresses are told apart by it. */
  constructor(processes: number, firstPart = 0, niceness = 0) {
    this.#firstPart = firstPart
    this.#children = Array.from({ length: processes }, () =>
      fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    for (const child of this.#children) {
      child.setMaxListeners(0)
      if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness)
    }
  }

  /** All come in by code and are live when this resolves. Gives who one of them is. */
  async enter(platform: string, code: string, people: number): Promise<LightPerson> {
    const share = Math.ceil(people / this.#children.length)
    const parts = await Promise.all(
      this.#children.map((child, part) =>
        this.#ask(child, {
          do: 'enter',
          platform,
          code,
          people: Math.min(share, people - part * share),
          part: this.#firstPart + part,
        }),
      ),
    )
    const someone = parts.find((person) => person !== null)
    if (someone == null) throw new Error('Nobody came in.')
    return someone
  }

  async group(gateway: string): Promise<{ struck: number; survivors: number }> {
    const groups = await Promise.all(this.#children.map((child) => this.#ask(child, { do: 'group', gateway })))
    return { struck: sum(groups.map(({ struck }) => struck)), survivors: sum(groups.map(({ survivors }) => survivors)) }
  }

  /** Resolves once everybody is as far as this. Throws when that takes too long. */
  async reaches(seq: Seq, msMax: number): Promise<void> {
    await eventually(`everybody at ${seq}`, msMax, async () => {
      const least = await Promise.all(this.#children.map((child) => this.#ask(child, { do: 'furthest-behind' })))
      return least.every((each) => each >= seq)
    })
  }

  /** What may be asked often: it costs those who are measured next to nothing. */
  async count(): Promise<CrowdCount> {
    const parts = await Promise.all(this.#children.map((child) => this.#ask(child, { do: 'count' })))
    return { people: sum(parts.map(({ people }) => people)), live: sum(parts.map(({ live }) => live)) }
  }

  async report(): Promise<CrowdReport> {
    const parts = await Promise.all(this.#children.map((child) => this.#ask(child, { do: 'report' })))
    const added = (figure: (part: CrowdReport) => number) => sum(parts.map(figure))
    const latencies = new Map<string, Latencies>()
    for (const part of parts) {
      for (const [key, counts] of Object.entries(part.latencies)) {
        const all = latencies.get(key) ?? new Latencies()
        all.merge(counts)
        latencies.set(key, all)
      }
    }
    return {
      people: added(({ people }) => people),
      live: added(({ live }) => live),
      on: addedUp(parts.map(({ on }) => on)),
      againAt: parts.flatMap(({ againAt }) => againAt).toSorted((a, b) => a - b),
      refusals: addedUp(parts.map(({ refusals }) => refusals)),
      resumes: added(({ resumes }) => resumes),
      resets: added(({ resets }) => resets),
      holes: added(({ holes }) => holes),
      missing: added(({ missing }) => missing),
      latencies: Object.fromEntries([...latencies].map(([key, { counts }]) => [key, counts])),
      cpuMs: added(({ cpuMs }) => cpuMs),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }),
    )
  }

  async #ask<Order extends CrowdOrder>(child: ChildProcess, order: Order): Promise<CrowdAnswers[Order['do']]> {
    const id = this.#orders++
    return await new Promise((resolve, reject) => {
      const end = () => {
        child.off('message', hear)
        child.off('exit', gone)
      }
      const gone = () => {
        end()
        reject(new Error('A process of the crowd has ended.'))
      }
      const hear = (message: Answered) => {
        if (message.id !== id) return
        end()
        if (message.error !== undefined) reject(new Error(message.error))
        else resolve(message.answer as CrowdAnswers[Order['do']])
      }
      child.on('message', hear)
      child.on('exit', gone)
      child.send({ id, order })
    })
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function addedUp(parts: readonly Record<string, number>[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const part of parts) for (const [key, value] of Object.entries(part)) all[key] = (all[key] ?? 0) + value
  return all
}
