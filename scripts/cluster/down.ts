import { setTimeout as wait } from 'node:timers/promises'
import { giveOrder } from './control.ts'
import { stateOf } from './mark.ts'
import { endRemains } from './remains.ts'
import { ClusterError, readState, removeFolder, writeState } from './state.ts'

/** Nodes give themselves thirty seconds, the engines after them less. */
const END_MS_MAX = 75_000
const POLL_MS = 100

/** Ends the cluster of this folder, whether its supervisor lives or not. False when there is none. Throws a {@link ClusterError} when something does not end. */
export async function endCluster(data: string, keep: boolean): Promise<boolean> {
  const state = await readState(data)
  if (state === null) return false
  const { supervisor, control } = state
  if (supervisor !== null && (await stateOf(supervisor)) === 'running') {
    if (control === null) {
      // It is still starting; this way it keeps the data, which go below.
      process.kill(supervisor.pid, 'SIGTERM')
    } else {
      // A supervisor that does not answer is ended below.
      await giveOrder(control, { do: 'down', keep }).catch((error: unknown) => {
        if (!(error instanceof ClusterError)) throw error
      })
    }
    const until = performance.now() + END_MS_MAX
    while (performance.now() < until && (await stateOf(supervisor)) !== 'gone') await wait(POLL_MS)
  }
  const marks = supervisor === null ? state.marks : [supervisor, ...state.marks]
  const left = await endRemains(data, marks)
  if (left.length > 0) throw new ClusterError(`These processes do not end: ${left.map(({ pid }) => pid).join(', ')}`)
  if (keep) await writeState(data, { version: 1, supervisor: null, control: null, marks: [] })
  else await removeFolder(data)
  return true
}
