import { SentinelConnector } from 'ioredis'
import type { SentinelConnectionOptions } from 'ioredis'
import type { EventEmitter } from 'node:events'

/**
 * The library's way to a primary through its sentinels. Its own connections to sentinels, on which it waits for news of a
 * failover, have nobody who listens to their errors, so that each try to reach a sentinel that is down would land on the console,
 * for as long as it is down. Here they are listened to; that a sentinel is down is for the operator's monitoring of sentinels.
 */
export class ListeningConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions)
    // Not part of the library's types. Should it ever be gone, the console gets those lines again, and nothing else changes.
    const open: unknown = Reflect.get(this, 'connectToSentinel')
    if (typeof open !== 'function') return
    Reflect.set(this, 'connectToSentinel', (...args: unknown[]) => {
      const client = Reflect.apply(open, this, args) as EventEmitter
      client.on('error', () => {})
      return client
    })
  }
}
