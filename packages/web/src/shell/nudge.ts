import { realRuntime } from '@plenary/client'
import type { DeviceChange, Runtime } from '@plenary/client'

const watchers = new Set<(change: DeviceChange) => void>()

/** The real runtime, through which the person can also say "try now": told to the SDK as a device that is back online. */
export const nudgeableRuntime: Runtime = {
  ...realRuntime,
  watchDevice(listener) {
    const stop = realRuntime.watchDevice(listener)
    watchers.add(listener)
    return () => {
      watchers.delete(listener)
      stop()
    }
  },
}

/** Ends every wait for the next attempt to connect. */
export function tryNow(): void {
  for (const watcher of [...watchers]) watcher('online')
}
