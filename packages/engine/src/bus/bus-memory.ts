import { PlenaryError } from '@plenary/kinds'
import { Patience } from '../runtime/patience.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { unanswered } from './bus.ts'
import type { Bus, MessageHandler, RequestHandler } from './bus.ts'

/** A bus inside one process: publishing is a function call, so nothing is copied and nothing is lost. */
export function memoryBus(runtime: Runtime): Bus {
  const subscribers = new Map<string, Set<{ handler: MessageHandler }>>()
  const responders = new Map<string, { handler: RequestHandler }[]>()
  const patience = new Patience(runtime)
  let closed = false

  return {
    publish(topic, message) {
      const present = subscribers.get(topic)
      if (present === undefined) return
      for (const { handler } of [...present]) handler(message)
    },

    async subscribe(topic, handler) {
      const own = { handler }
      const present = subscribers.get(topic) ?? new Set()
      subscribers.set(topic, present.add(own))
      return {
        close: async () => {
          present.delete(own)
          if (present.size === 0 && subscribers.get(topic) === present) subscribers.delete(topic)
        },
      }
    },

    request(topic, message, timeoutMs) {
      const responder = closed ? undefined : responders.get(topic)?.at(-1)
      if (responder === undefined)
        return Promise.reject(new PlenaryError('moved', 'Nobody answers for this room right now.'))
      return patience.within(responder.handler(message), timeoutMs, unanswered)
    },

    async respond(topic, handler) {
      const own = { handler }
      responders.set(topic, [...(responders.get(topic) ?? []), own])
      return {
        close: async () => {
          const rest = (responders.get(topic) ?? []).filter((other) => other !== own)
          if (rest.length > 0) responders.set(topic, rest)
          else responders.delete(topic)
        },
      }
    },

    // Nothing can come between.
    onWhole: () => ({ close: async () => undefined }),

    async close() {
      closed = true
      subscribers.clear()
      responders.clear()
    },
  }
}
