import { LIMITS } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { identity, startTestNode } from '../testing/harness.ts'
import { SkippingRuntime } from '../testing/runtime-skipping.ts'
import type { ClientSocket } from './client-socket.ts'

const ticketOf = (user: string) => ({ ticket: JSON.stringify(identity({ user: user as never })) })

/** A socket that takes everything. */
function anySocket(): ClientSocket & { ended: boolean } {
  return {
    id: crypto.randomUUID(),
    connected: true,
    ended: false,
    emit: () => undefined,
    write: () => undefined,
    note: () => undefined,
    waitingBytes: () => 0,
    end() {
      this.ended = true
    },
    cut: () => undefined,
  }
}

test('[R7] those without a right to be here take nobody’s turn, however many they are', async () => {
  await using node = await startTestNode({ runtime: new SkippingRuntime() })
  const { reception } = node.node
  for (let times = 0; times < 5_000; times++) {
    await expect(reception.handshake(times % 2 === 0 ? { ticket: 'forged' } : {})).rejects.toThrow()
  }
  await expect(reception.handshake(ticketOf('ann'))).resolves.toMatchObject({ user: 'ann' })
})

test('[R7] one person has so many connections and no more, and others come in all the same', async () => {
  await using node = await startTestNode()
  const { reception } = node.node
  const who = await reception.handshake(ticketOf('ann'))
  const here = Array.from({ length: LIMITS.connectionsPerPerson }, () => reception.welcome(anySocket(), who))
  expect(here).not.toContain(null)
  await expect(reception.handshake(ticketOf('ann'))).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfter: expect.any(Number) as number,
  })
  await expect(reception.handshake(ticketOf('bob'))).resolves.toMatchObject({ user: 'bob' })
  // Many handshakes at once have all passed before the first of them counts.
  const late = anySocket()
  expect(reception.welcome(late, who)).toBeNull()
  expect(late.ended).toBe(true)
  here[0]?.gone()
  await expect(reception.handshake(ticketOf('ann'))).resolves.toMatchObject({ user: 'ann' })
  for (const each of here.slice(1)) each?.gone()
})
