import type { Bus, BusMessage } from '../bus/bus.ts'

/** What becomes of one published message. `late`: after everything that is published in the same turn. */
export type Fate = 'arrives' | 'lost' | 'twice' | 'late'

/** A bus that loses, repeats and delays what is published, within what the port allows or just beyond it. */
export interface FaultyBus extends Bus {
  /** Decides for each message; all arrive unless it is set. */
  fate: (topic: string, message: BusMessage) => Fate
  /** How many messages met another fate than arriving. */
  readonly faults: number
  /** Says that it is whole again. */
  heal(): void
}

export function faultyBus(inner: Bus): FaultyBus {
  let faults = 0
  const whole = new Set<() => void>()
  const bus: FaultyBus = {
    fate: () => 'arrives',
    get faults() {
      return faults
    },
    publish(topic, message) {
      const fate = bus.fate(topic, message)
      if (fate !== 'arrives') faults++
      if (fate === 'late') setImmediate(() => inner.publish(topic, message))
      else if (fate !== 'lost') inner.publish(topic, message)
      if (fate === 'twice') inner.publish(topic, message)
    },
    subscribe: (topic, handler) => inner.subscribe(topic, handler),
    request: (topic, message, timeoutMs) => inner.request(topic, message, timeoutMs),
    respond: (topic, handler) => inner.respond(topic, handler),
    onWhole: (listener) => {
      whole.add(listener)
      return { close: async () => void whole.delete(listener) }
    },
    heal: () => {
      for (const listener of [...whole]) listener()
    },
    close: () => inner.close(),
  }
  return bus
}
