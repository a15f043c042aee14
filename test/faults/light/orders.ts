import type { Seq } from '@plenary/kinds'
import type { LatencyCounts } from './latencies.ts'
import type { LightPerson } from './client.ts'

/** What the process of a crowd is told to do. */
export type CrowdOrder =
  /** So many come in by code; names and addresses are told apart by `part`. */
  | { do: 'enter'; platform: string; code: string; people: number; part: number }
  /** Those on this gateway are the `struck`, the others the `survivors`. */
  | { do: 'group'; gateway: string }
  | { do: 'furthest-behind' }
  | { do: 'count' }
  | { do: 'report' }

export interface CrowdCount {
  people: number
  live: number
}

/** How those of one process stand. */
export interface CrowdReport extends CrowdCount {
  /** Live ones by the gateway that they are on. */
  on: Record<string, number>
  /** For each that was cut off and is live again, when it was; of `machineMs`, in order. */
  againAt: number[]
  /** Tries that came to nothing, by code. */
  refusals: Record<string, number>
  resumes: number
  resets: number
  holes: number
  /** Messages that some were not told though others were, over all clients. */
  missing: number
  /** By `<phase> <group>`. */
  latencies: Record<string, LatencyCounts>
  /** CPU time of the process so far, in milliseconds. */
  cpuMs: number
}

export interface CrowdAnswers {
  enter: LightPerson | null
  group: { struck: number; survivors: number }
  /** How far the one is that is furthest behind. */
  'furthest-behind': Seq
  count: CrowdCount
  report: CrowdReport
}
