import type { Benchmark } from './benchmark.ts'
import { ack } from './ack.ts'
import { connect } from './connect.ts'
import { editing } from './editing.ts'
import { fanoutLoad } from './fanout-load.ts'
import { fanoutOne } from './fanout-one.ts'
import { gateways } from './gateways.ts'
import { history } from './history.ts'
import { idle } from './idle.ts'
import { owner } from './owner.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'

/** All of them, in the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  fanoutOne,
  fanoutLoad,
  idle,
  connect,
  ack,
  owner,
  storm,
  gateways,
  history,
  editing,
  start,
]
