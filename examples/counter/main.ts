import { readConfig, startServer } from '@plenary/server'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { counter } from './counter.ts'

/** Plenary with one more kind, its own first room, and a page of its own in place of the web app. */
const invocation = readConfig(process.argv.slice(2), process.env)
if ('print' in invocation) {
  console.log(invocation.print)
} else {
  const here = fileURLToPath(new URL('.', import.meta.url))
  await build({ root: here, logLevel: 'warn', build: { outDir: 'dist', emptyOutDir: true } })
  const server = await startServer(invocation.run, {
    kinds: [counter],
    rooms: [{ kind: 'counter', title: 'Counter' }],
    web: `${here}dist`,
  })
  console.log(`Counting at ${server.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop())
}
