import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configFrom, startServer } from '../packages/server/src/index.ts'
import '../packages/server/src/main.ts'

// Everything that a server ever loads, loaded once.
const data = await mkdtemp(join(tmpdir(), 'plenary-warm-'))
try {
  const server = await startServer(configFrom({ host: '127.0.0.1', port: '0', data, logLevel: 'silent' }))
  await fetch(`${server.url}/api/auth/get-session`)
  await server.stop()
} finally {
  await rm(data, { recursive: true, force: true })
}
