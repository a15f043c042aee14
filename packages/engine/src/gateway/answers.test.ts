import { expect, test } from 'vitest'
import { realRuntime } from '../runtime/runtime-real.ts'
import { ROOM, identity, startTestNode, until } from '../testing/harness.ts'
import type { ClientSocket } from './client-socket.ts'
import { RawJson } from './raw-json.ts'

/** A node that has others told of what is durable only when it may go on, from the moment it is to hold. */
async function startHeldNode(durable: () => void = () => undefined) {
  const real = realRuntime()
  const held: (() => void)[] = []
  let [holding, next] = [false, false]
  const defer = (run: () => void) => {
    if (!next) return real.defer(run)
    next = false
    held.push(run)
  }
  const node = await startTestNode({
    runtime: { ...real, defer },
    wrapLog: (log) => ({
      ...log,
      acquire: async (shard, epoch) => {
        const own = await log.acquire(shard, epoch)
        return {
          ...own,
          append: async (batch) => {
            await own.append(batch)
            if (!holding) return
            // The first turn that is asked for then is the telling's.
            next = true
            setImmediate(() => (next = false))
            durable()
          },
        }
      },
    }),
  })
  const hold = () => (holding = true)
  const goOn = () => {
    next = false
    for (const run of held.splice(0)) run()
  }
  /** Somebody in the room, and all that they get from then on: batches as they are, answers as JSON. */
  const join = async (user: string) => {
    const got: string[] = []
    const socket: ClientSocket = {
      id: user,
      connected: true,
      emit: () => undefined,
      tell: () => undefined,
      write: ({ text }) => void (text.startsWith('2["batch"') && got.push(text)),
      note: () => undefined,
      waitingBytes: () => 0,
      end: () => undefined,
      cut: () => undefined,
    }
    const who = await node.node.reception.handshake({ ticket: JSON.stringify(identity({ user: user as never })) })
    const received = node.node.reception.welcome(socket, who)
    const ask = (event: string, body: object) => {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      received?.hear(event, [
        body,
        (answer: unknown) => {
          const text = answer instanceof RawJson ? answer.text : JSON.stringify(answer)
          if (event === 'send') got.push(text)
          resolve(answer)
        },
      ])
      return promise
    }
    const add = () => ask('send', { room: ROOM, id: crypto.randomUUID(), type: 'add', body: { by: 1 } })
    await ask('join', { room: ROOM })
    return { got, add, leave: () => ask('leave', { room: ROOM }) }
  }
  return { node, hold, goOn, join, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() }
}

const BATCH = expect.stringMatching(/^2\["batch"/) as string
const ANSWER = expect.stringMatching(/^\{"ok":true,"seq":/) as string

test('[R2] an answer comes right behind the batch that it speaks of, and the others are told in their turn, each once', async () => {
  await using held = await startHeldNode()
  const [ann, bob] = [await held.join('ann'), await held.join('bob')]
  held.hold()
  await ann.add()
  expect([ann.got, bob.got]).toEqual([[BATCH, ANSWER], []])
  held.goOn()
  await bob.add()
  held.goOn()
  await until(() => ann.got.length > 2)
  expect([ann.got, bob.got]).toEqual([
    [BATCH, ANSWER, BATCH],
    [BATCH, BATCH, ANSWER],
  ])
})

test('[R2] what came before waits for nobody: the answer stands behind all batches up to its own, in their order', async () => {
  await using held = await startHeldNode()
  const [ann, bob] = [await held.join('ann'), await held.join('bob')]
  held.hold()
  const { seq } = await held.node.command('add', { by: 1 })
  expect([ann.got, bob.got]).toEqual([[], []])
  await ann.add()
  const through = (text: string) => Number(/"through":(\d+)/.exec(text)?.[1])
  expect(ann.got).toEqual([BATCH, BATCH, ANSWER])
  held.goOn()
  await until(() => bob.got.length > 1)
  for (const { got } of [ann, bob]) expect(got.slice(0, 2).map(through)).toEqual([seq, seq + 1])
  expect([ann.got.length, bob.got.length]).toEqual([3, 2])
})

test('[R6] who has left the room before the answer comes is told nothing more of it', async () => {
  const leaving: (() => void)[] = []
  await using held = await startHeldNode(() => leaving.splice(0).forEach((leave) => leave()))
  const ann = await held.join('ann')
  held.hold()
  leaving.push(() => void ann.leave())
  await ann.add()
  held.goOn()
  expect(ann.got).toEqual([ANSWER])
})
