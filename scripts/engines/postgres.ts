import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOrInstall } from './apt.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'

const run = promisify(execFile)
const DEBIAN_FOLDER = '/usr/lib/postgresql'
const NAME = 'plenary'

export interface PostgresOptions {
  /** Where its data and its log lie; a temporary folder, removed in the end, without one. Its user must be able to get there. */
  folder?: string
  port?: number
}

/** A PostgreSQL server on loopback, as durable as in production. */
export interface PostgresEngine extends AsyncDisposable {
  /** Of the database `plenary`, its password included. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly logFile: string
  readonly running: boolean
  /** In good order; connections are cut. */
  stop(): Promise<void>
  /** Every process of it at once, as by a loss of power. */
  kill(): Promise<void>
  /** Stands still until `resume`, its connections open. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** On the same data and port, whether it runs or not. */
  restart(): Promise<void>
}

/** The folder of PostgreSQL's programs, installed where missing; null, with one line that says why, when that cannot be done. */
export async function ensurePostgres(): Promise<string | null> {
  return await findOrInstall('PostgreSQL', ['postgresql'], findPrograms)
}

/** Makes the database if there is none yet and starts its server; ready for connections when it resolves. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresEngine> {
  const programs = await findPrograms()
  if (programs === null) throw new Error('PostgreSQL is not installed.')
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-postgres-')))
  await mkdir(folder, { recursive: true })
  const user = await serverUser()
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const password = await readPassword(folder, user)
  await makeDatabase(programs, folder, data, user)
  const port = options.port ?? (await freePort())

  const start = () =>
    startProcess({
      name: 'postgres',
      command: join(programs, 'postgres'),
      args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=200'],
      folder,
      // Its fast way: nobody may finish, and everything is left in order.
      stopSignal: 'SIGINT',
      ready: () => run(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(() => true),
      ...(user !== undefined && { user }),
    })
  let server = await start()

  return {
    url: `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}`,
    port,
    logFile: server.logFile,
    get pid() {
      return server.pid
    },
    get running() {
      return server.running
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async restart() {
      await server.stop()
      server = await start()
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

interface SystemUser {
  uid: number
  gid: number
}

async function findPrograms(): Promise<string | null> {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => [])
  for (const version of versions.toSorted((a, b) => Number(b) - Number(a))) {
    const programs = join(DEBIAN_FOLDER, version, 'bin')
    if (await isThere(join(programs, 'initdb'))) return programs
  }
  return null
}

/** PostgreSQL refuses to run as root, so Debian's package makes a user for it. */
async function serverUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const idOf = async (what: string) => Number((await run('id', [what, 'postgres'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

async function readPassword(folder: string, user: SystemUser | undefined): Promise<string> {
  const file = join(folder, 'password')
  if (!(await isThere(file))) {
    await writeFile(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
    if (user !== undefined) await chown(file, user.uid, user.gid)
  }
  return await readFile(file, 'utf8')
}

async function makeDatabase(
  programs: string,
  folder: string,
  data: string,
  user: SystemUser | undefined,
): Promise<void> {
  const made = join(folder, 'made')
  if (await isThere(made)) return
  // A first try that was cut short leaves a folder that nothing can start from.
  await rm(data, { recursive: true, force: true })
  const options = { cwd: folder, ...user }
  const auth = ['-A', 'scram-sha-256', '-U', NAME, '--pwfile', join(folder, 'password')]
  await run(join(programs, 'initdb'), ['-D', data, '-E', 'UTF8', '--locale=C.UTF-8', ...auth], options)
  // A server for one, which listens nowhere, makes the database before anyone can connect.
  const single = run(join(programs, 'postgres'), ['--single', '-D', data, 'postgres'], options)
  single.child.stdin?.end(`CREATE DATABASE ${NAME};\n`)
  await single
  await writeFile(made, '')
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
