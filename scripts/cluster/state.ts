import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mark } from './mark.ts'

const FILE = 'cluster.json'
const VERSION = 1

/** What runs where. */
export interface ClusterStatus {
  /** The one address for people and programs. */
  url: string
  nodes: NodeStatus[]
  engines: EngineStatus[]
}

export interface NodeStatus {
  name: string
  zone: string
  /** Where this very node answers. */
  url: string
  pid: number | null
  roles: string[]
  /** `starting`, `ready` or `draining` as it says itself; else what was done to it. */
  state: 'starting' | 'ready' | 'draining' | 'unreachable' | 'paused' | 'drained' | 'killed' | 'ended'
}

export interface EngineStatus {
  name: string
  /** What a client connects to, with its password where it has one. */
  url: string
  pid: number | null
  state: 'running' | 'paused' | 'killed' | 'ended'
  /** Of a server of Redis, what it takes itself for. */
  role?: 'primary' | 'replica'
}

/** What the file says that tells later commands of a cluster. */
export interface ClusterState {
  version: typeof VERSION
  /** The process that watches over all others; null once all was ended and only the data was kept. */
  supervisor: Mark | null
  /** Where it takes orders; null until it does. */
  control: { url: string; token: string } | null
  /** All that it has started and that may run still. */
  marks: Mark[]
}

/** A line for whoever typed the command; nothing is broken in here. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
}

/** Null when the folder holds no cluster. Throws a {@link ClusterError} when the file is not one of ours. */
export async function readState(data: string): Promise<ClusterState | null> {
  const file = join(data, FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
    throw new ClusterError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  const state = parseJson(text)
  if (!isState(state)) throw new ClusterError(`${file} is not the state of a cluster, or of another version of it.`)
  return state
}

/** All of it or nothing, and for this user's eyes only: it holds passwords. */
export async function writeState(data: string, state: ClusterState): Promise<void> {
  const fresh = join(data, `${FILE}.new`)
  await writeFile(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(fresh, join(data, FILE))
}

/**
 * Makes a folder that is a cluster's and nothing else, which one of before may be. Throws a {@link ClusterError} rather than take, and
 * later remove, anything that may be somebody's.
 */
export async function claimFolder(data: string): Promise<void> {
  try {
    await mkdir(data, { recursive: true, mode: 0o755 })
    const files = await readdir(data)
    if (files.length > 0 && !files.includes(FILE))
      throw new ClusterError(`${data} holds something that is no cluster. Choose another folder with --data.`)
    await writeFile(join(data, '.gitignore'), '*\n')
  } catch (error) {
    if (error instanceof ClusterError) throw error
    throw new ClusterError(`${data} cannot be used: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Removes the folder of a cluster, and only such a one. */
export async function removeFolder(data: string): Promise<void> {
  const ours = await access(join(data, FILE)).then(
    () => true,
    () => false,
  )
  if (ours) await rm(data, { recursive: true, force: true })
}

/** Whether it is ours: what is in a file of ours, we have written. Pids are signalled by it, so these are looked at closely. */
function isState(value: unknown): value is ClusterState {
  if (typeof value !== 'object' || value === null) return false
  const { version, supervisor, control, marks } = value as Partial<ClusterState>
  return (
    version === VERSION &&
    (supervisor === null || isMark(supervisor)) &&
    (control === null || typeof control?.token === 'string') &&
    Array.isArray(marks) &&
    marks.every(isMark)
  )
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false
  const { pid, started, boot } = value as Partial<Mark>
  return Number.isInteger(pid) && Number(pid) > 1 && typeof started === 'string' && typeof boot === 'string'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
