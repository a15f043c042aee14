import { realRuntime } from '../runtime/runtime-real.ts'
import { memoryBus } from './bus-memory.ts'
import { busContract } from './bus.contract.ts'

busContract('memory', async () => {
  const bus = memoryBus(realRuntime())
  return { bus, other: bus, cut: null, close: () => bus.close() }
})
