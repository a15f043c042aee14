import type { ServerMessage, Transport } from '../../transport.ts'

/** The same transport, telling what each of its connections hears from the server. */
export function overheard(transport: Transport, tell: (message: ServerMessage) => void): Transport {
  return {
    connect: (address, listener) =>
      transport.connect(address, {
        joins: () => listener.joins?.() ?? [],
        opened: () => listener.opened(),
        message: (message) => {
          tell(message)
          listener.message(message)
        },
        closed: (failure) => listener.closed(failure),
      }),
  }
}
