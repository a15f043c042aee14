import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { DueList } from '../../runtime/due-list.ts'
import { newTable, WebSocketClient } from './websocket-client.ts'
import type { Shared } from './websocket-client.ts'
import type { Handle } from './straight.ts'

const LIST_MS = 1_000

function shared(): Shared {
  const list = () => new DueList(LIST_MS)
  return {
    reception: {
      handshake: () => Promise.reject(new Error('Nobody comes in here.')),
      welcome: () => null,
    },
    lists: { strange: list(), calm: list(), asked: list(), ending: list() },
    outbox: [],
    late: [],
    table: newTable(),
    strangers: 0,
    now: () => 0,
  }
}

/** A stream that sends nothing yet, and looks at what it was given only later. */
class SlowStream extends Socket {
  readonly kept: Uint8Array[] = []
  override write(given: Uint8Array | string): boolean {
    if (typeof given !== 'string') this.kept.push(given)
    return true
  }
}

/** A network that takes nothing at once, and looks at what it was given only later. */
function slowNetwork() {
  const kept: Uint8Array[] = []
  const handle: Handle = {
    writeBuffer(_, bytes) {
      kept.push(bytes)
      return { oncomplete: () => undefined, buffer: bytes }
    },
  }
  return { handle, kept }
}

const QUICK: Handle = { writeBuffer: () => 0 }
const textOf = (kept: readonly Uint8Array[]) => kept.map((bytes) => Buffer.from(bytes).toString())

test('[R5] what the network has not taken yet is not written over by what others are sent', () => {
  const all = shared()
  const slow = slowNetwork()
  new WebSocketClient('slow', new Socket(), slow.handle, all).open('for the slow one')
  new WebSocketClient('quick', new Socket(), QUICK, all).open('for somebody else')
  expect(textOf(slow.kept)).toEqual(['for the slow one'])
})

test('[R5] what a stream has not sent yet is not written over by what others are sent', () => {
  const all = shared()
  const stream = new SlowStream()
  new WebSocketClient('slow', stream, null, all).open('for the slow one')
  new WebSocketClient('quick', new Socket(), QUICK, all).open('for somebody else')
  expect(textOf(stream.kept)).toEqual(['for the slow one'])
})

test('where the network takes all at once, one piece of memory serves everybody', () => {
  const all = shared()
  const { table } = all
  for (const name of ['one', 'two']) new WebSocketClient(name, new Socket(), QUICK, all).open(name)
  expect(all.table).toBe(table)
})
