import { PlenaryError } from '@plenary/kinds'
import type { Registry } from '../../packages/engine/src/registry/registry.ts'
import type { Draw } from './draws.ts'
import { journeyMs } from './network.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** A registry that cannot be reached says so after so long. */
const AWAY_MS = 1_000

export interface RegistryClientDeps {
  shared: Registry
  scheduler: Scheduler
  network: Network
  process: Process
  draw: Draw
}

/** One process's way to the registry of all, which stands where the bus stands. */
export function registryClient({ shared, scheduler, network, process, draw }: RegistryClientDeps): Registry {
  function call<T>(what: string, work: () => Promise<T>): Promise<T> {
    const label = `${process.name} ${what}`
    return process.ask<T>(({ resolve, reject }) => {
      const away = () =>
        scheduler.after(AWAY_MS, label, () =>
          process.take(label, () => reject(new PlenaryError('unavailable', 'The registry cannot be reached.'))),
        )
      scheduler.after(journeyMs(draw), label, () => {
        if (!network.reaches(process.node, 'bus')) return void away()
        void work().then((value) => {
          scheduler.after(journeyMs(draw), label, () => {
            if (network.reaches(process.node, 'bus')) process.take(label, () => resolve(value))
            else away()
          })
        })
      })
    })
  }

  return {
    report: (report) => call('reports its load', () => shared.report(report)),
    assign: (zone) => call('asks for a gateway', () => shared.assign(zone)),
    remove: (node) => call(`takes ${node} out`, () => shared.remove(node)),
    list: () => call('lists gateways', () => shared.list()),
    close: async () => {},
  }
}
