import type { AnyKind } from '@plenary/kinds'
import { createClient, type Client } from '../client.ts'
import { memoryStorage, type Storage } from '../storage.ts'
import { FakeRuntime } from './fake-runtime.ts'
import { FakeServer } from './fake-server.ts'
import { notes } from './notes.ts'

/** A device, a server and the network between them, all in one thread and under one seed. */
export interface Stage {
  runtime: FakeRuntime
  server: FakeServer
  storage: Storage
  client: Client
}

export function stage(seed = 1, kind: AnyKind = notes): Stage {
  const runtime = new FakeRuntime(seed)
  const server = new FakeServer(runtime, kind)
  const storage = memoryStorage()
  return { runtime, server, storage, client: clientOf(runtime, server, storage) }
}

/** A client as it is after a reload of the page: only the storage is the same. */
export function clientOf(runtime: FakeRuntime, server: FakeServer, storage: Storage): Client {
  return createClient({
    url: 'http://plenary.test',
    runtime,
    storage,
    transport: server.transport,
    fetch: server.fetch,
  })
}
