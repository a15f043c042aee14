import { TestRuntime } from '../testing/runtime-manual.ts'
import { memoryRegistry } from './registry-memory.ts'
import { registryContract } from './registry.contract.ts'

registryContract('memory', async () => {
  const runtime = new TestRuntime()
  const registry = memoryRegistry(runtime)
  return { registry, pass: (ms) => runtime.advance(ms), close: () => registry.close() }
})
