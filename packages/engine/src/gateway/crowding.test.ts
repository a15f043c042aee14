import { LIMITS } from '@plenary/kinds'
import { expect, test } from 'vitest'
import { realRuntime } from '../runtime/runtime-real.ts'
import { ROOM, identity, startTestNode, until } from '../testing/harness.ts'
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
    tell: () => undefined,
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
  await expect(reception.handshake(ticketOf('ann'))).resolves.toMatchObject({ identity: { user: 'ann' } })
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
  await expect(reception.handshake(ticketOf('bob'))).resolves.toMatchObject({ identity: { user: 'bob' } })
  // Many handshakes at once have all passed before the first of them counts.
  const late = anySocket()
  expect(reception.welcome(late, who)).toBeNull()
  expect(late.ended).toBe(true)
  here[0]?.gone()
  await expect(reception.handshake(ticketOf('ann'))).resolves.toMatchObject({ identity: { user: 'ann' } })
  for (const each of here.slice(1)) each?.gone()
})

test('[R5] who comes in while a batch is still going out to the others is told of it once, as they are', async () => {
  const real = realRuntime()
  /** The turn of all others. */
  const held: (() => void)[] = []
  let holding = false
  await using node = await startTestNode({
    runtime: { ...real, defer: (run) => (holding && held.length === 0 ? void held.push(run) : real.defer(run)) },
  })
  const join = async (user: string, onBatch?: (count: number) => void) => {
    const batches: string[] = []
    const write = ({ text }: { text: string }) => {
      if (!text.startsWith('2["batch"')) return
      batches.push(text)
      onBatch?.(batches.length)
    }
    const who = await node.node.reception.handshake(ticketOf(user))
    const received = node.node.reception.welcome({ ...anySocket(), write }, who)
    const { promise, resolve } = Promise.withResolvers<unknown>()
    received?.hear('join', [{ room: ROOM }, resolve])
    await promise
    return batches
  }
  const first = await join('ann', (count) => (holding = count === 1))
  const second = await join('bob')
  await node.command('add', { by: 1 })
  await until(() => holding)
  expect([first.length, second.length]).toEqual([1, 0])
  const third = await join('cid')
  holding = false
  for (const run of held.splice(0)) run()
  await until(() => second.length === 1)
  await node.command('add', { by: 1 })
  await until(() => second.length === 2 && (third.at(-1) ?? '').includes('"through":3'))
  for (const batches of [first, second]) expect(batches).toHaveLength(2)
  for (const batches of [first, second, third]) expect(new Set(batches).size).toBe(batches.length)
})
