import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endCluster } from './down.ts'
import { markOf, signal, stateOf, type Mark } from './mark.ts'
import { findRemains } from './remains.ts'
import { claimFolder, readState, removeFolder, writeState, type ClusterState } from './state.ts'

let data: string
const children: ChildProcess[] = []
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'plenary-state-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(data, { recursive: true, force: true })
})

/** A process that waits, and its mark. */
async function idle(cwd: string): Promise<{ child: ChildProcess; mark: Mark }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  const mark = await markOf(child.pid ?? 0)
  if (mark === null) throw new Error('It has no mark.')
  return { child, mark }
}
const stateWith = (part: Partial<ClusterState>): ClusterState => ({
  version: 1,
  supervisor: null,
  control: null,
  marks: [],
  ...part,
})

describe('the mark of a process', () => {
  test('tells it from another that has its pid now, or had it before the machine was started', async () => {
    const { child, mark } = await idle(data)
    const another = { ...mark, started: '1' }
    const before = { ...mark, boot: 'another' }
    expect(await Promise.all([mark, another, before].map(stateOf))).toEqual(['running', 'gone', 'gone'])
    expect(await signal(another, 'SIGKILL')).toBe(false)
    expect(await signal(mark, 'SIGKILL')).toBe(true)
    await once(child, 'exit')
    expect(await stateOf(mark)).toBe('gone')
    expect(await signal(mark, 'SIGKILL')).toBe(false)
  })

  test('sees that it is paused', async () => {
    const { mark } = await idle(data)
    await signal(mark, 'SIGSTOP')
    await expect.poll(() => stateOf(mark)).toBe('paused')
    await signal(mark, 'SIGCONT')
    await expect.poll(() => stateOf(mark)).toBe('running')
  })
})

describe('the state file', () => {
  test('comes back as it was written, and only this user may read it', async () => {
    const state = stateWith({
      supervisor: { pid: 12, started: '3', boot: 'b' },
      control: { url: 'http://x', token: 't' },
    })
    await writeState(data, state)
    expect(await readState(data)).toEqual(state)
    expect((await stat(join(data, 'cluster.json'))).mode & 0o077).toBe(0)
    expect(await readdir(data)).toEqual(['cluster.json'])
  })

  test('is missing where there is no cluster', async () => {
    expect(await readState(join(data, 'none'))).toBeNull()
  })

  test.each([
    'not json',
    '[]',
    'null',
    JSON.stringify({ version: 2 }),
    JSON.stringify({ ...stateWith({}), marks: [{ pid: 1, started: '1', boot: 'b' }] }),
    JSON.stringify({ ...stateWith({}), marks: [{ pid: '7', started: '1', boot: 'b' }] }),
  ])('of somebody else is refused: %s', async (text) => {
    await writeFile(join(data, 'cluster.json'), text)
    await expect(readState(data)).rejects.toThrow('is not the state of a cluster')
    await expect(endCluster(data, false)).rejects.toThrow('is not the state of a cluster')
  })
})

describe('the folder', () => {
  test('is taken when it is empty or a cluster was there, and nothing of others is ever taken or removed', async () => {
    await writeFile(join(data, 'mine.txt'), 'precious')
    await expect(claimFolder(data)).rejects.toThrow('holds something that is no cluster')
    await removeFolder(data)
    expect(await readdir(data)).toEqual(['mine.txt'])

    const own = join(data, 'own')
    await claimFolder(own)
    await writeState(own, stateWith({}))
    await claimFolder(own)
    await removeFolder(own)
    expect(await readdir(data)).toEqual(['mine.txt'])
  })

  test('that cannot be made is one line', async () => {
    await writeFile(join(data, 'file'), '')
    await expect(claimFolder(join(data, 'file'))).rejects.toThrow('cannot be used')
  })
})

describe('after a supervisor that was killed', () => {
  test('down ends what the file names and what works in the folder, and no process besides', async () => {
    const supervisor = await idle('/')
    const named = await idle('/')
    const stranger = await idle('/')
    await mkdir(join(data, 'node-1'))
    const child = await idle(join(data, 'node-1'))
    supervisor.child.kill('SIGKILL')
    await once(supervisor.child, 'exit')
    // The stranger has a pid that once was ours.
    const marks = [named.mark, { ...stranger.mark, started: '1' }]
    await writeState(data, stateWith({ supervisor: supervisor.mark, marks }))
    const pids = (await findRemains(data, marks)).map(({ pid }) => pid)
    expect(new Set(pids)).toEqual(new Set([named.mark.pid, child.mark.pid]))

    expect(await endCluster(data, false)).toBe(true)
    expect(await Promise.all([named, child, stranger].map(({ mark }) => stateOf(mark)))).toEqual([
      'gone',
      'gone',
      'running',
    ])
    expect(await readState(data)).toBeNull()
    expect(await endCluster(data, false)).toBe(false)
  })

  test('down --keep leaves the data, and a file that names nobody', async () => {
    await writeState(data, stateWith({ supervisor: { pid: process.pid, started: '1', boot: 'b' } }))
    await writeFile(join(data, 'kept'), '')
    expect(await endCluster(data, true)).toBe(true)
    expect(new Set(await readdir(data))).toEqual(new Set(['cluster.json', 'kept']))
    expect(await readState(data)).toEqual(stateWith({}))
  })
})
