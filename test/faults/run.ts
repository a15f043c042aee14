import type { ClusterLog } from '../../scripts/cluster/arguments.ts'
import { FaultCluster } from './fault-cluster.ts'
import type { Row, RowResult } from './row.ts'

/** What is printed of a row that was run. */
export interface RowReport extends RowResult {
  row: string
  title: string
  bar: string
  tookMs: number
}

export interface RunOptions {
  quick: boolean
  signal: AbortSignal
  progress(line: string): void
  /** Told of each row as it ends. */
  done(report: RowReport): void
}

/** Runs rows one after the other, each once. Answers whether all passed and none was left out. */
export async function runRows(rows: readonly Row[], options: RunOptions): Promise<boolean> {
  await using shared = new SharedCluster(options)
  let passed = 0
  for (const row of rows) {
    if (options.signal.aborted) break
    await shared.keepFor(row.log)
    const report = await runRow(row, shared, options)
    if (options.signal.aborted) break
    options.done(report)
    if (report.pass) passed++
    else await shared.end()
  }
  return passed === rows.length
}

async function runRow(row: Row, shared: SharedCluster, { quick, signal, progress }: RunOptions): Promise<RowReport> {
  const { name, title, bar, log } = row
  const began = performance.now()
  const tell = (line: string) => progress(`${name}: ${line}`)
  tell(title)
  const result: RowResult = await row
    .run({
      signal,
      quick,
      progress: tell,
      async cluster() {
        if (log === undefined) throw new Error(`The row ${name} names no log.`)
        return await shared.of(log)
      },
    })
    .catch((error: unknown) => thrown(error, signal, tell))
  const failed = [...result.failed]
  if (result.pass && !signal.aborted) {
    const why = await shared.notWhole()
    if (why !== null) failed.push(`afterwards: ${why}`)
  }
  if (failed.length > 0 && !signal.aborted) tell(await shared.logs())
  const tookMs = Math.round(performance.now() - began)
  return { row: name, title, bar, figures: result.figures, pass: result.pass && failed.length === 0, failed, tookMs }
}

function thrown(error: unknown, signal: AbortSignal, tell: (line: string) => void): RowResult {
  const text = error instanceof Error ? error.message : String(error)
  if (!signal.aborted) tell(error instanceof Error ? (error.stack ?? text) : text)
  return { figures: {}, pass: false, failed: [text] }
}

/** The one cluster that runs at a time, started when a row asks for it. */
class SharedCluster implements AsyncDisposable {
  readonly #options: RunOptions
  #cluster: FaultCluster | null = null

  constructor(options: RunOptions) {
    this.#options = options
  }

  /** Ends it unless the row to come asks for just this one. */
  async keepFor(log: ClusterLog | undefined): Promise<void> {
    if (this.#cluster?.log !== log) await this.end()
  }

  async of(log: ClusterLog): Promise<FaultCluster> {
    const { progress } = this.#options
    this.#cluster ??= await FaultCluster.start({ log, progress: (line) => progress(`cluster: ${line}`) })
    return this.#cluster
  }

  /** Why it is not whole again after a row, in words; null when it is, or none runs. */
  async notWhole(): Promise<string | null> {
    try {
      await this.#cluster?.whole()
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async logs(): Promise<string> {
    return (await this.#cluster?.running.logs().catch(() => null)) ?? 'no logs'
  }

  async end(): Promise<void> {
    const cluster = this.#cluster
    this.#cluster = null
    await cluster?.[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}
