import { join } from 'node:path'
import { DEFAULT_ROLES } from '../../packages/server/src/settings.ts'
import type { NginxNode } from '../engines/nginx.ts'
import type { ClusterOptions, PartAction } from './arguments.ts'
import { startEngines, type Engine, type Engines } from './engines.ts'
import type { Mark } from './mark.ts'
import { askNode, nodePort, startNode, type NodeOptions } from './node.ts'
import { oneLine } from './one-line.ts'
import { Part } from './part.ts'
import { ClusterError, type ClusterStatus, type EngineStatus, type NodeStatus } from './state.ts'

/** Told of what happens. */
export interface ClusterListener {
  progress(line: string): void
  /** The processes are other ones than before. */
  changed(): void
}

interface PlannedNode {
  name: string
  zone: string
  port: number
  roles: readonly string[]
  /** Whether nginx may send it what is for no node in particular, and whether its own path leads there. */
  open: boolean
  reachable: boolean
  /** Sockets that it takes; as its own default says, without. */
  capacity: number | null
  /** Its own, over those of all nodes. */
  settings: Readonly<Record<string, string>>
  /** What it runs, if not this version's server. */
  main: string | null
  part: Part | null
}

/** What is asked of a node that is added; null leaves it to the cluster. */
export interface NewNode {
  zone: string | null
  roles: string | null
  capacity: number | null
  /** Over those of all nodes: another way to an engine, say. */
  settings: Readonly<Record<string, string>> | null
  /** What it runs in place of this version's server: another version's, say. */
  main: string | null
}

/** Engines and nodes on this machine. Disposing of it ends them all, the nodes first. */
export class Cluster implements AsyncDisposable {
  readonly #options: ClusterOptions
  readonly #listener: ClusterListener
  readonly #engines: Engines
  readonly #engineParts: { engine: Engine; part: Part }[] = []
  readonly #nodes: PlannedNode[] = []
  #ending: Promise<void> | null = null

  private constructor(options: ClusterOptions, listener: ClusterListener, engines: Engines) {
    this.#options = options
    this.#listener = listener
    this.#engines = engines
  }

  /** Throws a {@link ClusterError} with a line for each part that could not be started, and leaves nothing running. */
  static async start(options: ClusterOptions, listener: ClusterListener): Promise<Cluster> {
    const cluster = new Cluster(options, listener, await startEngines(options, listener.progress))
    try {
      for (const engine of cluster.#engines.all) {
        cluster.#engineParts.push({ engine, part: await Part.of(engine.name, engine.program, listener.changed) })
      }
      for (const zone of options.zones) await cluster.#plan(zone, options.roles)
      await cluster.#tellNginx()
      // The first makes tables and keys; if it cannot, the others would only say the same.
      const [first, ...others] = cluster.#nodes
      if (first !== undefined) await cluster.#start(first)
      const outcomes = await Promise.allSettled(others.map((node) => cluster.#start(node)))
      const problems = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [oneLine(outcome.reason)] : []))
      if (problems.length > 0) throw new ClusterError(problems.join('\n'))
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Of all processes that were started and may run. */
  get marks(): Mark[] {
    const parts = [...this.#nodes.map(({ part }) => part), ...this.#engineParts.map(({ part }) => part)]
    return parts.flatMap((part) => (part?.mark ? [part.mark] : []))
  }

  async status(): Promise<ClusterStatus> {
    const [nodes, engines] = await Promise.all([
      Promise.all(this.#nodes.map((node) => this.#nodeStatus(node))),
      Promise.all(this.#engineParts.map(({ engine, part }) => engineStatus(engine, part))),
    ])
    return { url: this.#engines.nginx.url, nodes, engines }
  }

  /** Does something to one node or engine. Throws a {@link ClusterError} when there is none of this name or it is not in the state for it. */
  async act(action: PartAction, name: string): Promise<void> {
    const node = this.#nodes.find((each) => each.name === name)
    const part = node?.part ?? this.#engineParts.find((each) => each.part.name === name)?.part
    if (part === undefined) {
      const names = [...this.#nodes, ...this.#engineParts.map((each) => each.part)].map((each) => each.name)
      throw new ClusterError(`There is no ${name} here, only ${names.join(', ')}.`)
    }
    const { process } = await part.state()
    if (action !== 'restart' && process === 'gone') throw new ClusterError(`${name} does not run.`)
    if (action === 'resume' && process !== 'paused') throw new ClusterError(`${name} is not paused.`)
    if (action === 'drain') {
      if (node === undefined) throw new ClusterError(`${name} is an engine; only nodes are drained.`)
      if (process === 'paused') throw new ClusterError(`${name} is paused; resume it first.`)
      return await this.#drain(node, part)
    }
    await part[action]()
    if (action === 'restart' && node !== undefined && !(node.open && node.reachable)) {
      Object.assign(node, { open: true, reachable: true })
      await this.#tellNginx()
    }
  }

  /** One more node, in the zone that has fewest unless told. */
  async add({ zone, roles, capacity, settings, main }: NewNode): Promise<NodeStatus> {
    const node = await this.#plan(zone ?? this.#emptiestZone(), roles ?? this.#options.roles)
    Object.assign(node, { capacity, settings: settings ?? {}, main })
    try {
      await this.#start(node)
      await this.#tellNginx()
    } catch (error) {
      this.#nodes.splice(this.#nodes.indexOf(node), 1)
      throw error
    }
    return await this.#nodeStatus(node)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending ??= this.#end()
    await this.#ending
  }

  async #end(): Promise<void> {
    const running = this.#nodes.flatMap(({ part }) => (part === null ? [] : [part]))
    await Promise.all(running.map((part) => part.drain()))
    await this.#engines[Symbol.asyncDispose]()
  }

  async #plan(zone: string, roles: string | undefined): Promise<PlannedNode> {
    const last = Math.max(0, ...this.#nodes.map(({ name }) => Number(name.slice('node-'.length))))
    const node: PlannedNode = {
      name: `node-${last + 1}`,
      zone,
      port: 0,
      roles: roles?.split(',') ?? DEFAULT_ROLES,
      open: true,
      reachable: true,
      capacity: null,
      settings: {},
      main: null,
      part: null,
    }
    // At once, so that no other takes the name.
    this.#nodes.push(node)
    node.port = await nodePort()
    return node
  }

  async #start(node: PlannedNode): Promise<void> {
    const { data, direct } = this.#options
    const own = `http://127.0.0.1:${node.port}`
    const url = this.#engines.nginx.url
    const began = performance.now()
    const program = await this.#startProgram({
      name: node.name,
      zone: node.zone,
      port: node.port,
      folder: join(data, node.name),
      ...(node.main !== null && { main: node.main }),
      settings: {
        ...this.#engines.settings,
        SECRETS_FILE: join(data, 'secrets.json'),
        GATEWAY_URL: direct ? own : `${url}/n/${node.name}`,
        PUBLIC_URL: url,
        TRUST_PROXY: '1',
        ROLES: node.roles.join(','),
        ...(node.capacity !== null && { CAPACITY: String(node.capacity) }),
        ...node.settings,
      },
    })
    if (this.#ending !== null) return await program.stop()
    node.part = await Part.of(node.name, program, this.#listener.changed)
    this.#listener.progress(
      `${node.name} in ${node.zone}: ready after ${((performance.now() - began) / 1000).toFixed(1)} s`,
    )
  }

  async #startProgram(options: NodeOptions): ReturnType<typeof startNode> {
    try {
      return await startNode(options)
    } catch (error) {
      throw new ClusterError(`${options.name} could not be started: ${oneLine(error)}`)
    }
  }

  async #drain(node: PlannedNode, part: Part): Promise<void> {
    node.open = false
    await this.#tellNginx()
    await part.drain()
    node.reachable = false
    await this.#tellNginx()
  }

  async #tellNginx(): Promise<void> {
    const nodes = this.#nodes.map(({ name, port, roles, open, reachable }): NginxNode => ({
      name,
      address: `127.0.0.1:${port}`,
      http: open && roles.includes('registry'),
      gateway: reachable && roles.includes('gateway'),
    }))
    await this.#engines.nginx.setNodes(nodes)
  }

  async #nodeStatus({ name, zone, port, roles, part }: PlannedNode): Promise<NodeStatus> {
    const url = `http://127.0.0.1:${port}`
    const base = { name, zone, url, roles: [...roles] }
    if (part === null) return { ...base, pid: null, state: 'starting' }
    const { pid, process, gone } = await part.state()
    if (process === 'gone') return { ...base, pid, state: gone }
    if (process === 'paused') return { ...base, pid, state: 'paused' }
    const told = await askNode(url)
    return { ...base, pid, state: told?.state ?? 'unreachable', ...(told !== null && { roles: told.roles }) }
  }

  #emptiestZone(): string {
    const count = (zone: string) => this.#nodes.filter((node) => node.zone === zone && node.reachable).length
    const zones = [...new Set(this.#options.zones)]
    return zones.toSorted((a, b) => count(a) - count(b))[0] ?? 'local'
  }
}

async function engineStatus({ name, url, role }: Engine, part: Part): Promise<EngineStatus> {
  const { pid, process, gone } = await part.state()
  const state = process === 'gone' ? (gone === 'killed' ? gone : 'ended') : process
  const own = state === 'running' ? await role?.() : null
  return { name, url, pid, state, ...(own && { role: own }) }
}
