/** The engine's adapters for Redis, apart from the rest, so that a single process does not load them. */
export { redisBus } from './bus/bus-redis.ts'
export type { RedisBusOptions } from './bus/bus-redis.ts'
export { redisRegistry } from './registry/registry-redis.ts'
export type { RedisRegistryOptions } from './registry/registry-redis.ts'
export { describeTarget } from './redis/target.ts'
export type { HostPort, RedisTarget, SentinelSettings } from './redis/target.ts'
