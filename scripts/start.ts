import { fileURLToPath } from 'node:url'
import { configOrExit, run } from '../packages/server/src/main.ts'
import { buildWeb } from './build-web.ts'
import { COMPILE_CACHE, warmCompileCache } from './compile-cache.ts'

const args = process.argv.slice(2)
// Read first: whoever mistypes a flag should not wait for a build to hear of it.
const config = configOrExit(args)
try {
  await buildWeb()
  await warmCompileCache()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
if (process.execve === undefined) await run(config)
else {
  const main = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url))
  // The same process becomes the server: nothing of this script stays in memory, and signals need no forwarding.
  process.execve(process.execPath, [process.execPath, main, ...args], {
    ...process.env,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  })
}
