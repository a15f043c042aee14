import { expect, test } from 'vitest'
import type { ClientSocket, Arrival, Reception } from '../../packages/engine/src/gateway/client-socket.ts'
import { Device } from './device.ts'
import { Draws } from './draws.ts'
import { Process } from './process.ts'
import { Scheduler } from './scheduler.ts'
import { Trace } from './trace.ts'
import { Wires } from './wires.ts'

test('whoever waits for an answer counts as waiting until it has arrived, and no longer when the connection is gone', async () => {
  const scheduler = new Scheduler(new Trace(false))
  const draws = new Draws(1)
  const process = new Process(scheduler, 0, 1)
  const answers: ((answer: object) => void)[] = []
  const reception: Reception = {
    handshake: async () => ({ joins: [] }) as unknown as Arrival,
    welcome: (socket: ClientSocket) => {
      socket.tell('welcome', '{}')
      return {
        hear: (_event, args) => void answers.push(args.at(-1) as (answer: object) => void),
        gone: () => undefined,
      }
    },
  }
  const wires = new Wires({ scheduler, draws, tell: () => undefined, gatewayAt: () => ({ process, reception }) })
  const device = new Device(scheduler, 0, draws.of('device'), () => 1)
  let heard = 0
  const connect = () => {
    const wire = wires.transport(device).connect(
      { gateway: 'http://gateway.invalid', ticket: 'ticket' },
      {
        opened: () => wire.join({ room: 'room' }, () => heard++),
        message: () => undefined,
        closed: () => undefined,
      },
    )
    return wire
  }
  connect()
  await scheduler.run(1_000, () => answers.length === 1)
  expect(wires.someUnanswered).toBe(true)
  answers[0]?.({ ok: false })
  expect(wires.someUnanswered).toBe(true)
  await scheduler.run(2_000, () => heard === 1)
  expect(wires.someUnanswered).toBe(false)

  const second = connect()
  await scheduler.run(3_000, () => answers.length === 2)
  expect(wires.someUnanswered).toBe(true)
  second.close()
  expect(wires.someUnanswered).toBe(false)
})
