import { PlenaryError } from '@plenary/kinds'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../testing/harness.ts'
import type { Bus, BusMessage } from './bus.ts'

/** What a test needs of an adapter: two ends of one bus (the same object where there is only one), and its end. */
export interface OpenBus {
  bus: Bus
  other: Bus
  /** Cuts both ends off for a moment; null where nothing can come between. */
  cut: (() => Promise<void>) | null
  close(): Promise<void>
}

/** The guarantee of the port `Bus`, for any adapter. */
export function busContract(name: string, open: () => Promise<OpenBus>): void {
  describe(`bus: ${name}`, () => {
    let ends: OpenBus
    beforeEach(async () => {
      ends = await open()
    })
    afterEach(() => ends.close())

    test('[R5] what one publishes reaches every subscriber of the topic, in the order of the calls, and no one else', async () => {
      const heard: unknown[][] = [[], [], []]
      await ends.bus.subscribe('news', ({ header }) => heard[0]?.push(header))
      await ends.other.subscribe('news', ({ header }) => heard[1]?.push(header))
      await ends.other.subscribe('news.other', ({ header }) => heard[2]?.push(header))
      for (let at = 0; at < 200; at++) ends.bus.publish('news', { header: { at } })
      const expected = Array.from({ length: 200 }, (_, at) => ({ at }))
      await until(() => heard[0]?.length === 200 && heard[1]?.length === 200)
      expect(heard).toEqual([expected, expected, []])
    })

    test('[R2] header and payload arrive as they were', async () => {
      const heard: BusMessage[] = []
      await ends.other.subscribe('bytes', (message) => heard.push(message))
      const header = { text: 'grüße 🎉 \u0000 "quoted"', deep: [{ n: null, t: true }], big: 2 ** 52 }
      const payload = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
      ends.bus.publish('bytes', { header, payload })
      ends.bus.publish('bytes', { header: null, payload: new Uint8Array() })
      ends.bus.publish('bytes', { header: [1] })
      await until(() => heard.length === 3)
      expect(heard[0]?.header).toEqual(header)
      expect(Buffer.from(heard[0]?.payload ?? []).equals(payload)).toBe(true)
      expect(heard[1]?.payload?.length ?? 0).toBe(0)
      expect(heard[2]?.header).toEqual([1])
    })

    test('a subscription is in force once it resolved, and over once it was closed; others stay', async () => {
      const heard: string[] = []
      const first = await ends.bus.subscribe('t', () => heard.push('first'))
      await ends.bus.subscribe('t', () => heard.push('second'))
      ends.other.publish('t', { header: 1 })
      await until(() => heard.length === 2)
      await first.close()
      await first.close()
      ends.other.publish('t', { header: 2 })
      await until(() => heard.length === 3)
      expect(heard).toEqual(['first', 'second', 'second'])
    })

    test('a publish without subscribers is lost in silence', async () => {
      ends.bus.publish('nobody', { header: 1 })
      const heard: unknown[] = []
      await ends.bus.subscribe('nobody', ({ header }) => heard.push(header))
      ends.other.publish('nobody', { header: 2 })
      await until(() => heard.length > 0)
      expect(heard).toEqual([2])
    })

    test('a request is answered by the responder, with header and payload', async () => {
      await ends.other.respond('ask', async ({ header, payload }) => ({
        header: { got: header },
        payload: Uint8Array.from([...(payload ?? []), 9]),
      }))
      const answer = await ends.bus.request('ask', { header: { n: 1 }, payload: Uint8Array.from([1, 2]) }, 5_000)
      expect(answer.header).toEqual({ got: { n: 1 } })
      expect([...(answer.payload ?? [])]).toEqual([1, 2, 9])
    })

    test('many requests at once each get their own answer', async () => {
      await ends.other.respond('double', async ({ header }) => ({ header: (header as number) * 2 }))
      const asked = Array.from({ length: 300 }, (_, at) => ends.bus.request('double', { header: at }, 5_000))
      expect((await Promise.all(asked)).map((answer) => answer.header)).toEqual(asked.map((_, at) => at * 2))
    })

    test('a refusal reaches the asker as the same error, and nothing but a refusal of ours says anything of the inside', async () => {
      await ends.other.respond('refuse', async ({ header }) => {
        if (header === 'own') throw new PlenaryError('refused', 'Not now.', { reason: 'slow_mode', retryAfter: 700 })
        throw new Error('the password is hunter2')
      })
      const own = await ends.bus.request('refuse', { header: 'own' }, 5_000).catch((error: unknown) => error)
      expect(own).toBeInstanceOf(PlenaryError)
      expect(own).toMatchObject({ code: 'refused', message: 'Not now.', reason: 'slow_mode', retryAfter: 700 })
      await expect(ends.bus.request('refuse', { header: 'other' }, 5_000)).rejects.toBeInstanceOf(Error)
    })

    test('[R9] a request that nobody answers for fails as `moved`', async () => {
      await expect(ends.bus.request('void', { header: 1 }, 5_000)).rejects.toMatchObject({
        code: 'moved',
        temporary: true,
      })
      const answering = await ends.other.respond('void', async () => ({ header: 'here' }))
      expect((await ends.bus.request('void', { header: 1 }, 5_000)).header).toBe('here')
      await answering.close()
      await expect(ends.bus.request('void', { header: 1 }, 5_000)).rejects.toMatchObject({ code: 'moved' })
    })

    test('[R7] a request whose answer does not come in time fails as `timeout`', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      await ends.other.respond('slow', async () => {
        await promise
        return { header: 'late' }
      })
      await expect(ends.bus.request('slow', { header: 1 }, 30)).rejects.toMatchObject({
        code: 'timeout',
        temporary: true,
      })
      resolve()
    })

    test('[R4] of two responders exactly one gets each request', async () => {
      const got: string[] = []
      await ends.bus.respond('one', async () => ({ header: got.push('first') }))
      await ends.other.respond('one', async () => ({ header: got.push('second') }))
      for (let at = 0; at < 20; at++) await ends.bus.request('one', { header: at }, 5_000)
      expect(got).toHaveLength(20)
    })

    test('[R5] a bus that was cut off says when it is whole again, and one that was not says nothing', async () => {
      const whole: [number, number] = [0, 0]
      const heard: unknown[] = []
      const ears = [ends.bus.onWhole(() => whole[0]++), ends.other.onWhole(() => whole[1]++)]
      await ends.bus.subscribe('t', ({ header }) => heard.push(header))
      ends.other.publish('t', { header: 'before' })
      await until(() => heard.length === 1)
      expect(whole).toEqual([0, 0])
      if (ends.cut === null) return
      await ends.cut()
      await until(() => whole.every((times) => times > 0))
      ends.other.publish('t', { header: 'after' })
      await until(() => heard.length === 2)
      await Promise.all(ears.map((ear) => ear.close()))
      const told = [...whole]
      await ends.cut()
      const again = new Promise<void>((resolve) => void ends.bus.onWhole(resolve))
      await again
      expect(whole).toEqual(told)
    })

    test('after its close a bus answers and delivers no more', async () => {
      const heard: unknown[] = []
      await ends.bus.subscribe('t', ({ header }) => heard.push(header))
      await ends.bus.close()
      await ends.bus.close()
      ends.bus.publish('t', { header: 1 })
      await expect(ends.bus.request('t', { header: 1 }, 100)).rejects.toMatchObject({ temporary: true })
      expect(heard).toEqual([])
    })
  })
}
