import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const START_MS_MAX = 20_000

let folder: string
let data: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenary-'))
  data = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Run extends AsyncDisposable {
  /** Resolves with its address once it takes work. */
  ready: Promise<string>
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>
  kill(signal: NodeJS.Signals): void
}

/** The server as a process of its own, as an operator runs it. */
function run(args: string[], env: Record<string, string> = {}): Run {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [MAIN, '--host', '127.0.0.1', '--data', data, ...args], {
    env: { PATH, ...env },
  })
  let [stdout, stderr] = ['', '']
  let onReady: (url: string) => void = () => {}
  const ready = new Promise<string>((resolve) => (onReady = resolve))
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    const line = stdout.split('\n').find((part) => part.includes('"msg":"ready"'))
    if (line !== undefined) onReady((JSON.parse(line) as { urls: [string] }).urls[0])
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return {
    ready: Promise.race([
      ready,
      ended.then(() => {
        throw new Error(`It ended before it was ready: ${stderr}`)
      }),
    ]),
    ended,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function expectOneLine(
  line: string,
  args: string[] = ['--port', '0'],
  env: Record<string, string> = {},
): Promise<void> {
  await using server = run(args, env)
  server.ready.catch(() => {})
  expect(await server.ended).toEqual({ code: 1, stdout: '', stderr: `${line}\n` })
}

describe('what an operator can put right is one line and exit code 1:', { timeout: START_MS_MAX }, () => {
  test('a wrong setting', () =>
    expectOneLine('PORT must be a whole number from 0 to 65535 (got "x").', [], { PORT: 'x' }))

  test('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    try {
      await expectOneLine(`Port ${port} is taken by another program. Choose another with --port or PORT.`, [
        '--port',
        String(port),
      ])
    } finally {
      other.close()
    }
  })

  test('an address that is not here', () =>
    expectOneLine('HOST 192.0.2.1 is not an address of this machine.', ['--port', '0', '--host', '192.0.2.1']))

  test('a second process on the same data folder', async () => {
    await using first = run(['--port', '0'])
    const url = await first.ready
    await expectOneLine(`The data folder ${data} is in use by another Plenary process.`)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  test('a data folder that is a file', async () => {
    await writeFile(data, '')
    await expectOneLine(`The data folder ${data} cannot be used: it is not a folder.`)
  })

  test('a data folder inside a file', async () => {
    await writeFile(join(folder, 'file'), '')
    const inside = join(folder, 'file', 'data')
    await expectOneLine(`The data folder ${inside} cannot be used: a part of its path is not a folder.`, [
      '--port',
      '0',
      '--data',
      inside,
    ])
  })

  test.skipIf(process.getuid?.() === 0)('a data folder that may not be written', async () => {
    await mkdir(data)
    await chmod(data, 0o500)
    await expectOneLine(`The data folder ${data} cannot be used: permission denied.`)
  })

  test.each(['plenary.db', 'log.db'])('a database %s that is none', async (name) => {
    await mkdir(data)
    const file = join(data, name)
    await writeFile(file, 'This is not a database. '.repeat(400))
    await expectOneLine(
      `The database ${file} cannot be opened: file is not a database. Restore it from a backup, or move it away to begin anew.`,
    )
  })

  test('secrets open to others', async () => {
    await mkdir(data)
    const file = join(data, 'secrets.json')
    await writeFile(file, '{}', { mode: 0o644 })
    await expectOneLine(`The secrets in ${file} are open to other users of this machine. Close them: chmod 600 ${file}`)
  })
})

test(
  '[R9] told to stop it ends in good order, and starts again with everything',
  { timeout: START_MS_MAX },
  async () => {
    const created = async (url: string) =>
      (await (
        await fetch(`${url}/api/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"title":"Kept"}',
        })
      ).json()) as { event: { code: string }; pass: string }
    let event
    {
      await using first = run(['--port', '0'])
      event = await created(await first.ready)
      first.kill('SIGTERM')
      expect(await first.ended).toMatchObject({ code: 0, stderr: '' })
    }
    await using second = run(['--port', '0'])
    const url = await second.ready
    const mine = await fetch(`${url}/api/events`, { headers: { authorization: `Bearer ${event.pass}` } })
    expect(await mine.json()).toMatchObject({ events: [{ code: event.event.code, role: 'owner' }] })
    second.kill('SIGINT')
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' })
  },
)

test('nobody else on the machine can read what is kept', { timeout: START_MS_MAX }, async () => {
  await using server = run(['--port', '0'])
  await server.ready
  expect((await stat(data)).mode & 0o777).toBe(0o700)
  for (const name of await readdir(data)) {
    if (name.startsWith('lock')) continue
    expect({ name, mode: (await stat(join(data, name))).mode & 0o777 }).toEqual({ name, mode: 0o600 })
  }
})

test('help and version need nothing and leave nothing', { timeout: START_MS_MAX }, async () => {
  await using help = run(['--help'], { PORT: 'x' })
  help.ready.catch(() => {})
  expect(await help.ended).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('--port <number>') as string,
  })
  await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' })
})
