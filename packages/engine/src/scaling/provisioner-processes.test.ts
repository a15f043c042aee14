import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { realRuntime } from '../runtime/runtime-real.ts'
import { processesProvisioner } from './provisioner-processes.ts'
import type { NodePlace, ProcessesOptions } from './provisioner-processes.ts'
import type { Provisioner } from './provisioner.ts'

/** Serves on its port; told to drain it writes so and takes a moment. It is named in its file, which goes when it ends in good order. */
const NODE = `
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
const { PORT, NODE_NAME, ZONE, MARKS, MANNER } = process.env
const mark = MARKS + '/' + NODE_NAME
writeFileSync(mark, String(process.pid))
if (MANNER === 'broken') process.exit(1)
const server = createServer((_, response) => response.end(NODE_NAME + ' ' + ZONE))
if (MANNER !== 'mute') server.listen(Number(PORT), '127.0.0.1')
process.on('SIGINT', () => writeFileSync(mark + '-interrupted', ''))
process.on('SIGTERM', () => {
  if (MANNER === 'stubborn') return
  setTimeout(() => {
    rmSync(mark)
    process.exit(0)
  }, 100)
})
setInterval(() => {}, 1000)
`

let root: string
let marks: string
let program: string
const open: Provisioner[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plenary-processes-'))
  marks = await mkdtemp(join(root, 'marks-'))
  program = join(root, 'node.mjs')
  await writeFile(program, NODE)
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
  await rm(root, { recursive: true, force: true })
})

function provisioner(manner = 'good', more: Partial<ProcessesOptions> = {}): Provisioner {
  const created = processesProvisioner({
    command: [process.execPath, program],
    settings: ({ node, zone, port }) => ({
      PORT: String(port),
      NODE_NAME: node,
      ZONE: zone,
      MARKS: marks,
      MANNER: manner,
    }),
    ready: async ({ port }) => (await fetch(`http://127.0.0.1:${port}`)).ok,
    namePrefix: 'more',
    folder: join(root, 'data'),
    runtime: realRuntime(),
    logger: pino({ level: 'silent' }),
    output: 'ignore',
    ...more,
  })
  open.push(created)
  return created
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const pidOf = async (node: string) => Number(await readFile(join(marks, node), 'utf8'))

describe('the provisioner of local processes', () => {
  test('a node that is started is ready, and one that is told to drain ends by itself with its folder gone', async () => {
    const places: NodePlace[] = []
    const scaling = provisioner('good', {
      ready: async (place) => {
        places.push(place)
        return (await (await fetch(`http://127.0.0.1:${place.port}`)).text()) === `${place.node} eu`
      },
    })
    await scaling.up('eu')
    await scaling.up('eu')
    const [first, second] = await scaling.list()
    expect(first).toMatchObject({ zone: 'eu', state: 'up' })
    expect(first?.node).toMatch(/^more-/)
    expect(second?.node).not.toBe(first?.node)
    const node = first?.node ?? ''
    const pid = await pidOf(node)
    await scaling.down(node)
    await scaling.down(node)
    expect(await scaling.list()).toContainEqual({ node, zone: 'eu', state: 'ending' })
    await expect.poll(() => scaling.list()).toEqual([second])
    expect(isAlive(pid)).toBe(false)
    // It took its mark away, as only one that ended in good order does.
    expect(await readdir(marks)).toEqual([second?.node])
    expect(existsSync(places[0]?.folder ?? '')).toBe(false)
    await expect(scaling.down('unknown')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('one that ends by itself is no more on the list', async () => {
    const scaling = provisioner()
    await scaling.up('eu')
    const [node] = await scaling.list()
    process.kill(await pidOf(node?.node ?? ''), 'SIGKILL')
    await expect.poll(() => scaling.list()).toEqual([])
  })

  test('one that cannot be started is a failure at once, and one that never gets ready after its time', async () => {
    await expect(provisioner('broken').up('eu')).rejects.toMatchObject({ code: 'unavailable' })
    const missing = provisioner('good', { command: [join(root, 'no-such-program')] })
    await expect(missing.up('eu')).rejects.toMatchObject({ code: 'unavailable' })
    const mute = provisioner('mute', { startMsMax: 1_000 })
    await expect(mute.up('eu')).rejects.toMatchObject({ code: 'unavailable' })
    await expect.poll(() => mute.list()).toEqual([])
  })

  test('[R7] one that does not drain in its time is ended by force', async () => {
    const scaling = provisioner('stubborn', { stopMsMax: 500 })
    await scaling.up('eu')
    const [node] = await scaling.list()
    const pid = await pidOf(node?.node ?? '')
    await scaling.down(node?.node ?? '')
    await expect.poll(() => isAlive(pid)).toBe(false)
    await expect.poll(() => scaling.list()).toEqual([])
  })

  test('closing drains all, and none is started afterwards', async () => {
    const scaling = provisioner()
    await Promise.all([scaling.up('eu'), scaling.up('us')])
    await scaling.close()
    expect(await readdir(marks)).toEqual([])
    expect(await scaling.list()).toEqual([])
    await expect(scaling.up('eu')).rejects.toMatchObject({ code: 'unavailable' })
  })

  test.for(['SIGKILL', 'SIGINT'] as const)(
    'when its process ends by %s, its nodes drain and end too',
    async (signal) => {
      const from = (name: string) => fileURLToPath(new URL(name, import.meta.url))
      const main = join(root, 'autoscaler.mjs')
      await writeFile(
        main,
        `
      import { processesProvisioner } from ${JSON.stringify(from('provisioner-processes.ts'))}
      import { realRuntime } from ${JSON.stringify(from('../runtime/runtime-real.ts'))}
      const none = () => {}
      const scaling = processesProvisioner({
        command: [process.execPath, ${JSON.stringify(program)}],
        settings: ({ node, zone, port }) => ({ PORT: String(port), NODE_NAME: node, ZONE: zone, MARKS: ${JSON.stringify(marks)} }),
        ready: async ({ port }) => (await fetch('http://127.0.0.1:' + port)).ok,
        namePrefix: 'more', folder: ${JSON.stringify(join(root, 'data'))}, runtime: realRuntime(),
        logger: { info: none, warn: none, error: none, debug: none }, output: 'ignore',
      })
      setInterval(none, 1000)
      await scaling.up('eu')
      console.log('up')
      `,
      )
      const autoscaler = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
      await once(autoscaler.stdout, 'data')
      const [node = ''] = await readdir(marks)
      const pid = await pidOf(node)
      expect(isAlive(pid)).toBe(true)
      // As a terminal does, to all of its group.
      if (autoscaler.pid !== undefined) process.kill(-autoscaler.pid, signal)
      await once(autoscaler, 'exit')
      await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
      expect(await readdir(marks)).toEqual([])
    },
  )
})
