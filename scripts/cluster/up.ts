import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterOptions } from './arguments.ts'
import { stateOf } from './mark.ts'
import { endRemains, findRemains } from './remains.ts'
import { ClusterError, claimFolder, readState, type ClusterStatus } from './state.ts'
import type { SupervisorMessage, SupervisorOrder } from './supervisor.ts'

/** A second Ctrl-C within this is the same one, which npm passes on as well. */
const SAME_SIGNAL_MS = 500
const SUPERVISOR = join(import.meta.dirname, 'supervisor.ts')

/** A cluster that this process has started. */
export interface Launched {
  readonly status: ClusterStatus
  /** It goes on without this process. */
  detach(): void
  /** Resolves when it has ended, with whether it did so in good order. */
  readonly ended: Promise<boolean>
}

/**
 * Starts a cluster under a supervisor. Resolves once all of it runs, or with null when it was interrupted before. `keep` is whether an
 * interrupted one leaves its data. Throws a {@link ClusterError} with a line for each part that cannot be started.
 */
export async function launch(
  options: ClusterOptions,
  keep: boolean,
  progress: (line: string) => void,
): Promise<Launched | null> {
  await refuseSecond(options.data)
  await claimFolder(options.data)
  const log = openSync(join(options.data, 'supervisor.log'), 'a', 0o600)
  const child = spawn(process.execPath, [SUPERVISOR, JSON.stringify(options)], {
    // A session of its own: neither Ctrl-C nor the end of the terminal reaches it, or what it starts.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const ended = once(child, 'exit').then(([code]) => code === 0)
  const stopListening = endOnSignals(child, options.data, keep, progress)
  const outcome = await Promise.race([firstNews(child, progress), ended.then(() => null)])
  if (outcome === null || outcome.type === 'failed') {
    await ended
    stopListening()
    if (outcome !== null) throw new ClusterError(outcome.message)
    if (interrupted.has(child)) return null
    throw new ClusterError('The supervisor of the cluster ended at once.')
  }
  return {
    status: outcome.status,
    ended: ended.finally(stopListening),
    detach() {
      stopListening()
      tell(child, { type: 'detach' })
      child.disconnect()
      child.unref()
    },
  }
}

const interrupted = new WeakSet<ChildProcess>()

/** Ends the cluster in good order at the first signal, and by force at the second. Answers with how to stop that. */
function endOnSignals(child: ChildProcess, data: string, keep: boolean, progress: (line: string) => void): () => void {
  let first = 0
  const onSignal = () => {
    if (first === 0) {
      first = performance.now()
      interrupted.add(child)
      progress('Ending the cluster; once more ends it at once')
      tell(child, { type: 'end', keep })
    } else if (performance.now() - first > SAME_SIGNAL_MS) {
      child.kill('SIGKILL')
      void endRemains(data, []).then(() => process.exit(130))
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  return () => {
    for (const signal of signals) process.off(signal, onSignal)
  }
}

function firstNews(
  child: ChildProcess,
  progress: (line: string) => void,
): Promise<Exclude<SupervisorMessage, { type: 'progress' }>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (message: SupervisorMessage) => {
      if (message.type === 'progress') progress(message.line)
      else resolve(message)
    })
  })
}

function tell(child: ChildProcess, order: SupervisorOrder): void {
  if (child.connected) child.send(order)
}

async function refuseSecond(data: string): Promise<void> {
  const before = await readState(data)
  if (before === null) return
  if (before.supervisor !== null && (await stateOf(before.supervisor)) !== 'gone') {
    throw new ClusterError(
      `A cluster runs in ${data} already. See it with "status", end it with "down", or choose another folder with --data.`,
    )
  }
  if ((await findRemains(data, before.marks)).length > 0) {
    throw new ClusterError(
      `The supervisor of the cluster in ${data} is gone, and some of what it started runs. End it with "down".`,
    )
  }
}
