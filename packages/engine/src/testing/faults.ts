import { faultyBus } from './faulty-bus.ts'
import type { FaultyBus } from './faulty-bus.ts'
import { faultyLog } from './faulty-log.ts'
import type { FaultyLog } from './faulty-log.ts'
import { startTestNode } from './harness.ts'
import type { TestClient, TestNode, TestNodeOptions } from './harness.ts'

/** A node whose log and bus the test can hold and break. */
export async function startFaulty(
  options: TestNodeOptions = {},
): Promise<{ node: TestNode; log: FaultyLog; bus: FaultyBus }> {
  const logs: FaultyLog[] = []
  const buses: FaultyBus[] = []
  const node = await startTestNode({
    ...options,
    wrapLog: (inner) => {
      const log = faultyLog(inner)
      logs.push(log)
      return log
    },
    wrapBus: (inner) => {
      const bus = faultyBus(inner)
      buses.push(bus)
      return bus
    },
  })
  const [log] = logs
  const [bus] = buses
  if (log === undefined || bus === undefined) throw new Error('A node was started without its ports.')
  const held: TestNode = {
    ...node,
    async [Symbol.asyncDispose]() {
      // A test that failed while it held the log must not wait for itself.
      log.letGo()
      await node[Symbol.asyncDispose]()
    },
  }
  return { node: held, log, bus }
}

/** There and back on the same socket: whatever was sent to it before has arrived. */
export async function roundTrip(client: TestClient): Promise<void> {
  for (let times = 0; times < 3; times++) await client.socket.emitWithAck('leave', { room: 'nowhere' })
}
