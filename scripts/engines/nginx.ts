import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findOrInstall } from './apt.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'

const run = promisify(execFile)
const LOOPBACK = '127.0.0.1'
/** Debian keeps it where the paths of ordinary users do not lead. */
const PROGRAMS = ['nginx', '/usr/sbin/nginx']
const TEMPLATE = join(import.meta.dirname, '../../deploy/nginx/plenary.conf.template')
/** A server that failed so often within this time is left out for as long. */
const SERVER_FAILURES = 'max_fails=2 fail_timeout=5s'
const RELOAD_MS_MAX = 10_000
const RELOAD_PAUSE_MS = 25
const SEEN_IN_A_ROW = 8
const SOCKETS_MAX = 16_384

/** A node as nginx sees it. */
export interface NginxNode {
  name: string
  /** `host:port` */
  address: string
  /** Whether requests for no node in particular may go there. */
  http: boolean
  /** Whether it can be reached at `/n/<name>/`. */
  gateway: boolean
}

export interface NginxOptions {
  /** Where its configuration, temporary files and logs lie; a temporary folder, removed in the end, without one. */
  folder?: string
  /** A free one without this. */
  port?: number
  nodes?: readonly NginxNode[]
}

/** The door of a cluster on loopback, with the configuration that is also deployed. */
export interface Nginx extends AsyncDisposable {
  /** Like `http://127.0.0.1:8080`. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly logFile: string
  readonly running: boolean
  /** These nodes from now on; connections to others stay as long as they last. Resolves once new connections see it. */
  setNodes(nodes: readonly NginxNode[]): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** On the same port, for the same nodes. */
  restart(): Promise<void>
}

/** The path of nginx, installed where missing; null, and a line that says why, where it cannot be had. */
export async function ensureNginx(): Promise<string | null> {
  // The smallest of Debian's builds; nothing of the system's own configuration is used.
  return await findOrInstall('nginx', ['nginx-light'], findProgram)
}

/** Starts it as the current user; answers requests when it resolves. Throws with the end of its log. */
export async function startNginx(options: NginxOptions = {}): Promise<Nginx> {
  const program = await installedProgram()
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-nginx-')))
  await mkdir(join(folder, 'temp'), { recursive: true })
  const [port, statusPort] = [options.port ?? (await freePort()), await freePort()]
  const main = join(folder, 'nginx.conf')
  let revision = 0

  async function configure(nodes: readonly NginxNode[]): Promise<void> {
    revision += 1
    const site = fillTemplate(await readFile(TEMPLATE, 'utf8'), templateValues(`${LOOPBACK}:${port}`, nodes))
    await writeFile(join(folder, 'plenary.conf'), site)
    await writeFile(main, mainConfiguration(statusPort, revision))
  }
  const args = ['-p', folder, '-c', main, '-e', 'error.log']
  const start = () =>
    startProcess({
      name: 'nginx',
      command: program,
      args: [...args, '-g', 'daemon off;'],
      folder,
      ready: async () => (await revisionOf(statusPort)) === revision,
    })
  await configure(options.nodes ?? [])
  let server = await start()
  let last: Promise<void> = Promise.resolve()

  async function reload(nodes: readonly NginxNode[]): Promise<void> {
    await configure(nodes)
    if (!server.running) return
    await run(program, [...args, '-s', 'reload'])
    const until = performance.now() + RELOAD_MS_MAX
    // For a moment the old worker and the new one take connections side by side.
    for (let seen = 0; seen < SEEN_IN_A_ROW;) {
      if (performance.now() > until) throw new Error(`nginx did not take its new configuration; see ${server.logFile}.`)
      seen = (await revisionOf(statusPort).catch(() => 0)) === revision ? seen + 1 : 0
      await wait(RELOAD_PAUSE_MS)
    }
  }
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    logFile: server.logFile,
    get pid() {
      return server.pid
    },
    get running() {
      return server.running
    },
    setNodes(nodes) {
      const next = last.then(() => reload(nodes))
      last = next.catch(() => undefined)
      return next
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

/** What the template leaves open, for nodes on this machine. */
export function templateValues(listen: string, nodes: readonly NginxNode[]): Record<string, string> {
  const http = nodes.filter((node) => node.http)
  // An upstream must have a server; this one is never asked.
  const servers =
    http.length === 0
      ? [`server ${LOOPBACK}:9 down;`]
      : http.map(({ address }) => `server ${address} ${SERVER_FAILURES};`)
  const gateways = nodes.filter((node) => node.gateway).map(({ name, address }) => `${name} ${address};`)
  return {
    PLENARY_LISTEN: listen,
    PLENARY_HTTP_SERVERS: servers.join('\n    '),
    PLENARY_SOCKET_SERVERS: servers.join('\n    '),
    PLENARY_GATEWAYS: ["default '';", ...gateways].join('\n    '),
    PLENARY_RESOLVER: '',
    PLENARY_FORWARDED_PROTO: '$scheme',
  }
}

/** Puts values into `${NAME}`, as envsubst does. Throws on a name that has none. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\$\{(PLENARY_\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`The template of nginx asks for ${name}.`)
    return value
  })
}

/** All that nginx writes stays in its folder, to which relative paths lead. */
function mainConfiguration(statusPort: number, revision: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // Started by root, its workers would otherwise be a user who cannot enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;\n' : ''
  return `${user}worker_processes 1;
pid nginx.pid;
error_log error.log warn;
worker_rlimit_nofile ${SOCKETS_MAX * 2};
events {
  worker_connections ${SOCKETS_MAX};
}
http {
  access_log off;
  default_type application/octet-stream;
${temporary.map((name) => `  ${name}_temp_path temp/${name};`).join('\n')}
  server {
    listen ${LOOPBACK}:${statusPort};
    location = /revision {
      return 200 '${revision}';
    }
  }
  include plenary.conf;
}
`
}

async function revisionOf(port: number): Promise<number> {
  const answer = await fetch(`http://${LOOPBACK}:${port}/revision`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(1_000),
  })
  return Number(await answer.text())
}

async function installedProgram(): Promise<string> {
  const program = await findProgram()
  if (program === null) throw new Error('nginx is not installed.')
  return program
}

async function findProgram(): Promise<string | null> {
  for (const program of PROGRAMS) {
    const found = await run(program, ['-v']).then(
      () => true,
      () => false,
    )
    if (found) return program
  }
  return null
}
