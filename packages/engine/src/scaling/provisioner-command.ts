import type { Logger } from 'pino'
import type { Runtime } from '../runtime/runtime.ts'
import { runCommand } from './run-command.ts'
import type { ProvisionedNode, Provisioner } from './provisioner.ts'

export interface CommandOptions {
  /** Run by a shell, with `PLENARY_ZONE` and a fresh name in `PLENARY_NODE` that the new node may take. */
  upCommand: string
  /** Run by a shell, with `PLENARY_ZONE` and the node to drain in `PLENARY_NODE`. */
  downCommand: string
  /** What the names for new nodes begin with. */
  namePrefix: string
  /** The nodes that `downCommand` may be run for, as far as is known now. */
  nodes(): Promise<readonly { node: string; zone: string }[]>
  runtime: Runtime
  logger: Logger
  /** A command that takes longer is ended by force, and has failed. */
  commandMsMax?: number
}

const COMMAND_MS_MAX = 120_000

/** Nodes that the operator's own commands start and drain, wherever that may be. */
export function commandProvisioner(options: CommandOptions): Provisioner {
  const { runtime, logger, commandMsMax = COMMAND_MS_MAX } = options
  /** Nodes for which `downCommand` has been run, until they are gone. */
  const ending = new Set<string>()
  const closed = new AbortController()

  async function list(): Promise<ProvisionedNode[]> {
    const known = await options.nodes()
    for (const node of ending) if (known.every((each) => each.node !== node)) ending.delete(node)
    return known.map(({ node, zone }) => ({ node, zone, state: ending.has(node) ? 'ending' : 'up' }))
  }

  const run = (command: string, zone: string, node: string) =>
    runCommand({
      command,
      env: { PLENARY_ZONE: zone, PLENARY_NODE: node },
      msMax: commandMsMax,
      runtime,
      logger,
      signal: closed.signal,
    })

  return {
    list,
    up: (zone) => run(options.upCommand, zone, `${options.namePrefix}-${runtime.uuid().slice(-8)}`),
    async down(node) {
      if (ending.has(node)) return
      const zone = (await options.nodes()).find((each) => each.node === node)?.zone ?? ''
      ending.add(node)
      try {
        await run(options.downCommand, zone, node)
      } catch (error) {
        ending.delete(node)
        throw error
      }
    },
    async close() {
      closed.abort()
    },
  }
}
