import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { redisRegistry } from '../../packages/engine/src/redis.ts'
import { RedisLink } from '../../packages/engine/src/redis/connect.ts'
import { realRuntime } from '../../packages/engine/src/runtime/runtime-real.ts'
import { freePort } from '../../scripts/engines/ports.ts'
import { ensureRedis, startRedis } from '../../scripts/engines/redis.ts'

const there = await ensureRedis()
const runtime = realRuntime()
const silent = pino({ level: 'silent' })

/** Everything that is logged, at any level, as one text. */
function listening() {
  const lines: string[] = []
  return {
    logger: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
    text: () => lines.join(''),
  }
}
/** A runtime whose timers take a twentieth of their time. */
const impatient = { ...runtime, after: (delayMs: number, run: () => void) => runtime.after(delayMs / 20, run) }

describe.skipIf(there === null)('the connection to Redis', () => {
  test('a Redis that is not there costs one clear line, without a secret', async () => {
    const port = await freePort()
    const { logger, text } = listening()
    const target = `redis://:hunter2@127.0.0.1:${port}`
    const opening = redisRegistry({ target, runtime: impatient, logger })
    await expect(opening).rejects.toThrow(`Redis at redis://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED`)
    expect(text()).not.toContain('hunter2')
  })

  test('a wrong password costs one clear line, and neither it nor the right one is logged', async () => {
    await using redis = await startRedis({ password: 'correct-horse' })
    const { logger, text } = listening()
    const target = redis.url.replace('correct-horse', 'hunter2')
    await expect(redisRegistry({ target, runtime: impatient, logger })).rejects.toThrow('WRONGPASS')
    const link = await RedisLink.open({ target: redis.url, purpose: 'test', runtime, logger })
    await link.close()
    expect(text()).toContain('WRONGPASS')
    expect(text()).not.toMatch(/hunter2|correct-horse/)
  })

  test('[R8] a connection that the library has given up is made anew', async () => {
    await using redis = await startRedis()
    const link = await RedisLink.open({ target: redis.url, purpose: 'test', runtime, logger: silent })
    // As its own watch for failovers does when the news come while it is connecting.
    link.redis.disconnect()
    await expect.poll(() => link.ready, { timeout: 5_000 }).toBe(false)
    await expect.poll(() => link.ready, { timeout: 5_000 }).toBe(true)
    await link.close()
  })

  test('[R8] a Redis that hangs is noticed by its silence, although its socket stays open', async () => {
    await using redis = await startRedis()
    const link = await RedisLink.open({ target: redis.url, purpose: 'test', runtime, logger: silent })
    await redis.pause()
    const asked = link.redis.get('x')
    await expect(asked).rejects.toThrow()
    expect(link.ready).toBe(false)
    await redis.resume()
    await expect.poll(() => link.ready, { timeout: 10_000 }).toBe(true)
    await link.close()
  })
})
