import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const USAGE = `npm run cluster                       starts a cluster on this machine; Ctrl-C ends it and removes its data
npm run cluster -- up [--detach]      the same; --detach leaves it running
                   status             what runs where
                   kill NAME          SIGKILL to a node or an engine (node-1, redis-1, sentinel-1, postgres, kafka, etcd, nginx)
                   pause NAME         SIGSTOP
                   resume NAME        SIGCONT
                   restart NAME       in good order if it runs; on the same port and data
                   drain NODE         SIGTERM, and waits until it has gone
                   add                one more node
                   down [--keep]      ends everything and removes the data, or keeps them for the next up

  --data FOLDER           everything it writes (.cluster)
  --json                  one object on stdout, for up --detach, status and add
  --log kafka|postgres    what entries are written to first, for up (kafka)
  --nodes N, --zones A,B  how many nodes (0 for the engines alone), and the zones they take turns in, for up (3, north,south)
  --zone Z                zone of the node, for add (the zone that has fewest)
  --capacity N            sockets that the node takes, for add (20000)
  --roles LIST            what the nodes do, for up and add (all but autoscaler)
  --port N                port of the URL, for up (a free one)
  --direct                clients reach gateways at their own ports and not through nginx, for up
Settings of nodes that this does not make itself are taken from the environment, like CAPACITY, SHARDS and LOG_LEVEL.`

export const LOGS = ['kafka', 'postgres'] as const
export type ClusterLog = (typeof LOGS)[number]

/** What a cluster is made of. */
export interface ClusterOptions {
  /** Absolute. */
  data: string
  log: ClusterLog
  /** The zone of each node. */
  zones: readonly string[]
  /** As `ROLES` takes them; all that the server does by default, without. */
  roles?: string
  port?: number
  direct: boolean
}

export const SIGNAL_ACTIONS = ['kill', 'pause', 'resume', 'restart'] as const
/** What can be done to one part of a running cluster. */
export type PartAction = (typeof SIGNAL_ACTIONS)[number] | 'drain'

/** What a command line asks for. */
export type Invocation =
  | { do: 'help' }
  | { do: 'up'; options: ClusterOptions; detach: boolean; json: boolean; keep: boolean }
  | { do: 'status'; data: string; json: boolean }
  | { do: PartAction; data: string; name: string }
  | { do: 'add'; data: string; json: boolean; zone?: string; roles?: string; capacity?: number }
  | { do: 'down'; data: string; keep: boolean }

const FLAGS = {
  data: { type: 'string' },
  log: { type: 'string' },
  nodes: { type: 'string' },
  zones: { type: 'string' },
  zone: { type: 'string' },
  roles: { type: 'string' },
  capacity: { type: 'string' },
  port: { type: 'string' },
  detach: { type: 'boolean' },
  direct: { type: 'boolean' },
  json: { type: 'boolean' },
  keep: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
type FlagName = keyof typeof FLAGS

/** Which flags mean something to which command, besides `--data`. */
const TAKEN: Readonly<Record<Exclude<Invocation['do'], 'help'>, readonly FlagName[]>> = {
  up: ['log', 'nodes', 'zones', 'roles', 'port', 'detach', 'direct', 'json', 'keep'],
  status: ['json'],
  kill: [],
  pause: [],
  resume: [],
  restart: [],
  drain: [],
  add: ['zone', 'roles', 'capacity', 'json'],
  down: ['keep'],
}
const NODES_MAX = 32
const PORT_MAX = 65_535
const CAPACITY_MAX = 1_000_000
const ZONE = /^[a-z0-9-]{1,32}$/
const NAME = /^[a-z0-9-]{1,63}$/

/** Reads a command line. Throws an error with one line that says what is wrong with it. */
export function parseArguments(args: readonly string[], cwd: string): Invocation {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true })
  if (values.help === true) return { do: 'help' }
  const [command = 'up', name, ...rest] = positionals
  if (!isCommand(command)) throw new Error(`there is no command ${command}`)
  for (const flag of Object.keys(values)) {
    const taken: readonly string[] = TAKEN[command]
    if (flag !== 'data' && !taken.includes(flag)) throw new Error(`${command} takes no --${flag}`)
  }
  const data = resolve(cwd, values.data ?? '.cluster')
  const json = values.json === true
  const keep = values.keep === true
  const roles = values.roles === undefined ? {} : { roles: values.roles }

  if (
    command === 'kill' ||
    command === 'pause' ||
    command === 'resume' ||
    command === 'restart' ||
    command === 'drain'
  ) {
    if (name === undefined || !NAME.test(name)) throw new Error(`${command} needs the name of a node or an engine`)
    if (rest.length > 0) throw new Error(`${command} takes one name`)
    return { do: command, data, name }
  }
  if (name !== undefined) throw new Error(`${command} takes no name`)
  if (command === 'status') return { do: 'status', data, json }
  if (command === 'down') return { do: 'down', data, keep }
  if (command === 'add') {
    return {
      ...{ do: 'add', data, json, ...roles },
      ...(values.zone !== undefined && { zone: zone(values.zone) }),
      ...(values.capacity !== undefined && { capacity: whole('--capacity', values.capacity, 1, CAPACITY_MAX) }),
    }
  }

  const detach = values.detach === true
  if (json && !detach) throw new Error('--json is for up --detach, status and add')
  if (keep && detach) throw new Error('--keep is for down, where it runs detached')
  const log = LOGS.find((each) => each === (values.log ?? 'kafka'))
  if (log === undefined) throw new Error('--log must be kafka or postgres')
  const zones = (values.zones ?? 'north,south').split(',').map(zone)
  const count = whole('--nodes', values.nodes ?? '3', 0, NODES_MAX)
  const port = values.port === undefined ? {} : { port: whole('--port', values.port, 1, PORT_MAX) }
  const turns = Array.from({ length: count }, (_, place) => zones[place % zones.length] ?? '')
  return {
    do: 'up',
    options: { data, log, zones: turns, direct: values.direct === true, ...roles, ...port },
    detach,
    json,
    keep,
  }
}

function isCommand(word: string): word is keyof typeof TAKEN {
  return Object.hasOwn(TAKEN, word)
}

function zone(text: string): string {
  if (!ZONE.test(text)) throw new Error(`a zone is 1 to 32 lower-case letters, digits or dashes (got "${text}")`)
  return text
}

function whole(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new Error(`${flag} must be a whole number from ${min} to ${max} (got "${text}")`)
  return value
}
