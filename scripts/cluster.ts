import { parseArguments, USAGE, type Invocation } from './cluster/arguments.ts'
import { giveOrder, type Control } from './cluster/control.ts'
import { endCluster } from './cluster/down.ts'
import { stateOf } from './cluster/mark.ts'
import { statusTable } from './cluster/print.ts'
import { ClusterError, readState } from './cluster/state.ts'
import { launch } from './cluster/up.ts'

/** `npm run cluster`: exit code 0 when what was asked for was done, 1 when it could not be, 2 on bad arguments. */
async function main(): Promise<number> {
  let asked: Invocation
  try {
    asked = parseArguments(process.argv.slice(2), process.cwd())
  } catch (error) {
    const [line] = (error as Error).message.split('\n')
    console.error(`cluster: ${line}. See npm run cluster -- --help`)
    return 2
  }
  try {
    return await obey(asked)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    console.error(error.message)
    return 1
  }
}

async function obey(asked: Invocation): Promise<number> {
  switch (asked.do) {
    case 'help':
      console.log(USAGE)
      return 0
    case 'up':
      return await up(asked)
    case 'status': {
      const status = await giveOrder(await controlOf(asked.data), { do: 'status' })
      console.log(asked.json ? JSON.stringify(status) : statusTable(status))
      return 0
    }
    case 'add': {
      const { data, json, zone = null, roles = null, capacity = null } = asked
      const node = await giveOrder(await controlOf(data), {
        do: 'add',
        zone,
        roles,
        capacity,
        settings: null,
        main: null,
      })
      console.log(json ? JSON.stringify(node) : `${node.name} runs in ${node.zone} at ${node.url}, pid ${node.pid}.`)
      return 0
    }
    case 'down':
      console.log(
        (await endCluster(asked.data, asked.keep)) ? 'Everything has ended.' : `There is no cluster in ${asked.data}.`,
      )
      return 0
    default: {
      const began = performance.now()
      await giveOrder(await controlOf(asked.data), { do: asked.do, name: asked.name })
      console.log(`${asked.do} ${asked.name}: done after ${((performance.now() - began) / 1000).toFixed(1)} s.`)
      return 0
    }
  }
}

async function up({ options, detach, json, keep }: Invocation & { do: 'up' }): Promise<number> {
  const cluster = await launch(options, keep, (line) => (json ? console.error(line) : console.log(line)))
  if (cluster === null) return 130
  console.log(json ? JSON.stringify(cluster.status) : `\n${statusTable(cluster.status)}`)
  if (detach) {
    cluster.detach()
    return 0
  }
  console.log(`Ctrl-C ends it${keep ? '' : ' and removes its data'}.`)
  return (await cluster.ended) ? 0 : 1
}

async function controlOf(data: string): Promise<Control['address']> {
  const state = await readState(data)
  if (state === null || state.supervisor === null) throw new ClusterError(`No cluster runs in ${data}.`)
  if ((await stateOf(state.supervisor)) === 'gone') {
    throw new ClusterError(
      `The supervisor of the cluster in ${data} is gone; clear away what is left of it with "down".`,
    )
  }
  if (state.control === null) throw new ClusterError(`The cluster in ${data} is still starting.`)
  return state.control
}

process.exitCode = await main()
