import type { ClusterLog } from '../../scripts/cluster/arguments.ts'
import type { FaultCluster } from './fault-cluster.ts'

/** What a row of the fault table is given. */
export interface RowContext {
  /** Aborted when the run is given up: clean up and return or throw. */
  readonly signal: AbortSignal
  /** The short form that CI runs: fewer repetitions of the same, never a looser bar. */
  readonly quick: boolean
  /** One line about how far it is, for whoever watches. */
  progress(line: string): void
  /** The cluster that rows of the same log share, whole when given. Throws for a row that names no log. */
  cluster(): Promise<FaultCluster>
}

/** What a row measured, and whether that holds its bar. */
export interface RowResult {
  /** Units in the names, as in `againP99Ms`. */
  readonly figures: Record<string, number | string | boolean>
  readonly pass: boolean
  /** What failed, in words; empty when it passed. */
  readonly failed: string[]
}

/** One row of the fault table: a fault, and the bar that the cluster must hold through it. */
export interface Row {
  /** In kebab-case, as `--only` takes it. */
  readonly name: string
  /** The fault. */
  readonly title: string
  /** What must hold, in the words of the table. */
  readonly bar: string
  /** Whether it is part of what `--quick` runs. */
  readonly quick: boolean
  /** The log of the shared cluster that it runs on. Without one, no shared cluster runs beside it. */
  readonly log?: ClusterLog
  /** Cleans up all it started before it ends, also when it throws or is aborted. */
  run(context: RowContext): Promise<RowResult>
}
