import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { aptInstall } from './apt.ts'
import { ensureJars, jarFolder } from './maven.ts'
import { freePort } from './ports.ts'
import { startProcess } from './process.ts'
import type { RunningProcess } from './process.ts'

const VERSION = '4.2.0'
const ARTIFACTS = [
  { group: 'org.apache.kafka', name: 'kafka_2.13', version: VERSION },
  // Without it the broker says nothing at all.
  { group: 'org.slf4j', name: 'slf4j-simple', version: '1.7.36' },
]
const JAVA_ARGS = ['-Xms128m', '-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
/** The same for ever, so that a folder can be formatted again without harm. */
const CLUSTER_ID = 'cGxlbmFyeS1rYWZrYQ'
const run = promisify(execFile)

export interface KafkaOptions {
  /** Where its data lie; kept after `stop`. A folder of its own under the system's temporary folder, removed at the end, without this. */
  folder?: string
  port?: number
}

/** One Kafka broker on loopback that is its own controller. Disposing of it ends it. */
export interface KafkaEngine extends AsyncDisposable {
  /** `host:port` */
  readonly address: string
  readonly port: number
  readonly pid: number
  readonly logFile: string
  readonly running: boolean
  /** In good order. */
  stop(): Promise<void>
  /** As by a loss of power of its process; what it had acknowledged is in the hands of the system. */
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** On the same data and port, whether it runs or not. */
  restart(): Promise<void>
}

/** The folder of Kafka's jars, fetched where missing, with a Java to run them; null, with one line that says why, when that cannot be done. */
export async function ensureKafka(): Promise<string | null> {
  const java = await run('java', ['-version']).catch(() => null)
  const problem = java === null ? await aptInstall('Java', ['default-jre-headless']) : null
  if (problem !== null) console.log(problem)
  return problem === null ? await ensureJars(`Kafka ${VERSION}`, ARTIFACTS) : null
}

/** Makes a broker's folder and starts it; ready for clients when it resolves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaEngine> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'plenary-kafka-')))
  await mkdir(folder, { recursive: true })
  const port = options.port ?? (await freePort())
  const settings = join(folder, 'server.properties')
  await writeFile(settings, settingsOf(folder, port, await freePort()))
  const java = [...JAVA_ARGS, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jarFolder(ARTIFACTS), '*')]
  await run('java', [
    ...[...java, 'kafka.tools.StorageTool', 'format', '--ignore-formatted'],
    ...['--cluster-id', CLUSTER_ID, '--config', settings],
  ])

  const start = () =>
    startProcess({
      name: 'kafka',
      command: 'java',
      args: [...java, 'kafka.Kafka', settings],
      folder,
      ready: () => answers(port),
    })
  let broker: RunningProcess = await start()
  return {
    address: `127.0.0.1:${port}`,
    port,
    get pid() {
      return broker.pid
    },
    logFile: broker.logFile,
    get running() {
      return broker.running
    },
    stop: () => broker.stop(),
    kill: () => broker.kill(),
    pause: () => broker.pause(),
    resume: () => broker.resume(),
    async restart() {
      await broker.stop()
      broker = await start()
    },
    async [Symbol.asyncDispose]() {
      // Its good order takes seconds, and serves only data that are kept.
      await (options.folder === undefined ? broker.kill() : broker.stop())
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It opens its port last of all. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}

function settingsOf(folder: string, port: number, controllerPort: number): string {
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    // One broker has no others to copy to.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    // After a kill, the controller waits so long until it believes that the broker before is gone.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 4,
    // The cleaner takes a third of such a heap, and here it has next to nothing to clean.
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
