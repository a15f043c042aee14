import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))

/** The server as a process of its own. Disposing kills it and takes its data away. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  /** Where all that it keeps lies. */
  readonly folder: string
  /** All that it wrote, to either of its outputs. */
  readonly said: string
  /** What it logged as an error or worse, or said before it ended. */
  readonly complaints: readonly string[]
  /** Null while it runs. */
  readonly exit: string | null
  /** SIGKILL: nothing is put in order. Resolves once it has ended. */
  kill(): Promise<void>
  /** Memory that it holds now, in MiB; 0 when it has ended. */
  residentMiB(): Promise<number>
  /** A figure of its `/metrics`; not a number when it does not answer. */
  figure(name: string): Promise<number>
}

/**
 * Starts it on a free port; resolves once it takes work. `program` makes another one, on the data folder that it is given; `settings`
 * are variables of its environment.
 */
export async function startServerProcess(
  program?: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'plenary-hostile-'))
  const { PATH = '' } = process.env
  const own = [MAIN, '--host', '127.0.0.1', '--port', '0', '--data', folder]
  const args = program === undefined ? own : [program, folder]
  const child = spawn(process.execPath, args, { env: { PATH, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] })
  const complaints: string[] = []
  let exit: string | null = null
  const ended = once(child, 'close').then(
    ([code, signal]) => void (exit = `code ${String(code)}, signal ${String(signal)}`),
  )
  const { promise: ready, resolve } = Promise.withResolvers<string>()
  let rest = ''
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.includes('"msg":"ready"')) resolve((JSON.parse(line) as { urls: [string] }).urls[0])
      if (/^\{"level":[56]0/.test(line)) complaints.push(line)
    }
  })
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()))
  const url = await Promise.race([ready, ended.then(() => null)])
  if (url === null) throw new Error(`The server did not start: ${complaints.join('\n')}`)
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    url,
    folder,
    complaints,
    kill,
    get said() {
      return said
    },
    get exit() {
      return exit
    },
    async residentMiB() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      const [, kib = 0] = /VmRSS:\s+(\d+)/.exec(status) ?? []
      return Math.round(Number(kib) / 1024)
    },
    async figure(name) {
      const text = await fetch(`${url}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      )
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      )
    },
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
