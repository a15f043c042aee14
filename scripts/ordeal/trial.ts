import { setTimeout as wait } from 'node:timers/promises'
import { runCrowd, type CrowdReport } from '../../packages/client/src/crowd/crowd.ts'
import type { ClusterLog } from '../cluster/arguments.ts'
import { Answers, type Stretch } from './answers.ts'
import type { Fault } from './faults.ts'
import type { Stage } from './stage.ts'

export interface TrialOptions {
  people: number
  /** Messages a second, all together. */
  rate: number
  log: ClusterLog
  progress(line: string): void
}

/** What one fault did to those who talked. */
export interface Struck {
  fault: string
  title: string
  /** Longest time in which no command was acknowledged: the time until commands were taken again. */
  silenceMs: number
  silenceMsMax: number
  /** Longest that one command waited. */
  slowestMs: number
  /** What it took to do. */
  tookMs: number
  pass: boolean
}

/** What became of one crowd. */
export interface TrialReport extends CrowdReport {
  name: string
  /** Sent, and neither saved nor refused at the end. */
  unanswered: number
  faults: Struck[]
  pass: boolean
}

const BEFORE_MS = 4_000
/** Long enough for what a fault breaks late: a lease that runs out, clients that back off. */
const AFTER_MS = 12_000
const SETTLE_MS = 60_000

/** Lets a crowd talk in a fresh room while one fault after the other happens. */
export async function trial(
  name: string,
  faults: readonly Fault[],
  stage: Stage,
  options: TrialOptions,
): Promise<TrialReport> {
  const { people, rate, log, progress } = options
  const { signal } = stage
  const answers = new Answers()
  const struck: { fault: Fault; stretch: Stretch; tookMs: number }[] = []
  await stage.event(`Ordeal: ${name}`)

  const meanwhile = async () => {
    await rest(BEFORE_MS, signal)
    for (const fault of faults) {
      if (signal.aborted) return
      progress(`${name}: ${fault.title}`)
      const from = performance.now()
      await fault.strike(stage)
      const tookMs = Math.round(performance.now() - from)
      await rest(AFTER_MS, signal)
      struck.push({ fault, stretch: { from, to: performance.now() }, tookMs })
      await fault.mend?.(stage)
    }
  }
  const report = await runCrowd({
    ...{ url: stage.cluster.url, code: stage.code, people, rate, signal, meanwhile },
    seconds: 1,
    settleMs: SETTLE_MS,
    progress: (line) => progress(`${name}: ${line}`),
    answered: (sentAt, at) => answers.add(sentAt, at),
  })
  const unanswered = report.sent - report.acknowledged - report.refused
  const outcomes = struck.map(({ fault, stretch, tookMs }): Struck => {
    const silenceMs = answers.longestSilenceMs(stretch)
    const slowestMs = answers.slowestMs(stretch)
    const silenceMsMax = fault.silenceMsMax(log)
    const pass = silenceMs <= silenceMsMax && slowestMs <= (fault.waitMsMax ?? Infinity)
    return { fault: fault.name, title: fault.title, silenceMs, silenceMsMax, slowestMs, tookMs, pass }
  })
  const { lost, duplicated, reordered, refused } = report
  const whole = lost + duplicated + reordered + refused + unanswered === 0 && report.acknowledged > 0
  const all = outcomes.length === faults.length && outcomes.every(({ pass }) => pass)
  return { ...report, name, unanswered, faults: outcomes, pass: whole && all }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined)
}
