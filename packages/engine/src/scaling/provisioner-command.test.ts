import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { realRuntime } from '../runtime/runtime-real.ts'
import { commandProvisioner } from './provisioner-command.ts'
import type { CommandOptions } from './provisioner-command.ts'

let folder: string
let nodes: { node: string; zone: string }[]
let said: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenary-command-'))
  nodes = [{ node: 'a', zone: 'eu' }]
  said = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function provisioner(more: Partial<CommandOptions> = {}) {
  const log = {
    write(line: string) {
      const told = (JSON.parse(line) as { line?: string }).line
      if (told !== undefined) said.push(told)
    },
  }
  return commandProvisioner({
    upCommand: `echo "up $PLENARY_ZONE $PLENARY_NODE" >> '${folder}/done'`,
    downCommand: `echo "down $PLENARY_ZONE $PLENARY_NODE" >> '${folder}/done'`,
    namePrefix: 'more',
    nodes: async () => nodes,
    runtime: realRuntime(),
    logger: pino({ level: 'info' }, log),
    ...more,
  })
}
const done = async () => (await readFile(join(folder, 'done'), 'utf8')).trim().split('\n')

describe('the provisioner by commands', () => {
  test('runs the operator’s commands with the zone and the node in their environment', async () => {
    const scaling = provisioner()
    await scaling.up('us')
    await scaling.down('a')
    const [up, down] = await done()
    expect(up).toMatch(/^up us more-[\w]{8}$/)
    expect(down).toBe('down eu a')
  })

  test('a node is ending from the command on until it is gone, and is not drained twice', async () => {
    const scaling = provisioner()
    expect(await scaling.list()).toEqual([{ node: 'a', zone: 'eu', state: 'up' }])
    await scaling.down('a')
    await scaling.down('a')
    expect(await done()).toHaveLength(1)
    expect(await scaling.list()).toEqual([{ node: 'a', zone: 'eu', state: 'ending' }])
    nodes = []
    expect(await scaling.list()).toEqual([])
    nodes = [{ node: 'a', zone: 'eu' }]
    expect(await scaling.list()).toEqual([{ node: 'a', zone: 'eu', state: 'up' }])
  })

  test('what it says is logged, and an exit code other than 0 is a failure', async () => {
    const scaling = provisioner({ upCommand: 'echo asking; echo no machine is free >&2; exit 3' })
    await expect(scaling.up('eu')).rejects.toThrow('code 3')
    expect(said.toSorted()).toEqual(['asking', 'no machine is free'])
    const failing = provisioner({ downCommand: 'kill -9 $$' })
    await expect(failing.down('a')).rejects.toThrow('SIGKILL')
    expect(await failing.list()).toEqual([{ node: 'a', zone: 'eu', state: 'up' }])
  })

  test('[R7] one that takes too long is ended with all it has started', async () => {
    const pipe = join(folder, 'pipe')
    const scaling = provisioner({ upCommand: `mkfifo '${pipe}'; sleep 60 > '${pipe}' & wait`, commandMsMax: 500 })
    const up = expect(scaling.up('eu')).rejects.toMatchObject({ code: 'timeout' })
    await expect.poll(() => existsSync(pipe)).toBe(true)
    // It ends when nobody is left who could write to it.
    expect(await readFile(pipe, 'utf8')).toBe('')
    await up
  })

  test('[R7] one that never stops talking is logged in part', async () => {
    const scaling = provisioner({ upCommand: `seq 1 5000; head -c 100000 /dev/zero | tr '\\0' x` })
    await scaling.up('eu')
    expect(said).toHaveLength(200)
  })

  test('closing ends a command under way, and none is run afterwards', async () => {
    const scaling = provisioner({ upCommand: `echo $$ > '${folder}/pid'; sleep 60` })
    const up = expect(scaling.up('eu')).rejects.toMatchObject({ code: 'unavailable' })
    await expect.poll(() => readFile(join(folder, 'pid'), 'utf8').catch(() => '')).not.toBe('')
    await scaling.close()
    await up
    await expect(scaling.up('eu')).rejects.toMatchObject({ code: 'unavailable' })
  })
})
