import { PlenaryError } from '@plenary/kinds'
import { createHash } from 'node:crypto'
import type { RedisLink } from './connect.ts'

/** A Lua script that Redis carries out as one step. */
export class RedisScript {
  readonly #link: RedisLink
  readonly #text: string
  readonly #digest: string

  constructor(link: RedisLink, text: string) {
    this.#link = link
    this.#text = text
    this.#digest = createHash('sha1').update(text).digest('hex')
  }

  /** Throws `unavailable` when Redis cannot be reached or fails it; it may have been carried out all the same. */
  async run(args: readonly (string | number)[]): Promise<unknown> {
    await this.#link.whenReady()
    const { redis } = this.#link
    try {
      return await redis.evalsha(this.#digest, 0, ...args)
    } catch (error) {
      // A server knows a script once it was sent it in full; the next primary need not.
      if (!messageOf(error).startsWith('NOSCRIPT')) throw unavailable(error)
    }
    try {
      return await redis.eval(this.#text, 0, ...args)
    } catch (error) {
      throw unavailable(error)
    }
  }
}

function unavailable(error: unknown): PlenaryError {
  // The message alone: errors of the library carry the arguments of the command into logs.
  return new PlenaryError('unavailable', 'Redis did not answer.', {
    retryAfter: 1_000,
    cause: new Error(messageOf(error)),
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
