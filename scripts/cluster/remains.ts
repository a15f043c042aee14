import { readFile, readdir, readlink, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { markOf, signal, stateOf, type Mark } from './mark.ts'

/** The programs that a cluster starts, by the names that the system has for them. */
const PROGRAMS = new Set([
  ...['node', 'node-MainThread', 'MainThread'],
  ...['redis-server', 'redis-sentinel', 'postgres', 'java', 'etcd', 'nginx'],
])
const END_MS_MAX = 10_000
const POLL_MS = 50

/**
 * What still runs of a cluster whose supervisor is gone: what its state names, and whatever of its programs works inside its folder,
 * such as the children of a process that was killed.
 */
export async function findRemains(data: string, marks: readonly Mark[]): Promise<Mark[]> {
  const found = new Map<number, Mark>()
  for (const mark of marks) if ((await stateOf(mark)) !== 'gone') found.set(mark.pid, mark)
  const folder = await realpath(data).catch(() => data)
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid || found.has(pid)) continue
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (!`${cwd}${sep}`.startsWith(`${folder}${sep}`)) continue
    const program = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
    const mark = PROGRAMS.has(program) ? await markOf(pid) : null
    if (mark !== null) found.set(pid, mark)
  }
  return [...found.values()]
}

/** Ends them by force and waits until they have gone; answers with those that have not. */
export async function endRemains(data: string, marks: readonly Mark[]): Promise<Mark[]> {
  const until = performance.now() + END_MS_MAX
  let left = await findRemains(data, marks)
  while (left.length > 0 && performance.now() < until) {
    await Promise.all(left.map((mark) => signal(mark, 'SIGKILL')))
    await wait(POLL_MS)
    left = await findRemains(data, marks)
  }
  return left
}
