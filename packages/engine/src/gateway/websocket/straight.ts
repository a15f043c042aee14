import type { Socket } from 'node:net'

/** What writes to the TCP socket, below Node's stream over it. */
export interface Handle {
  /** 0 when all of it went out, another number for an error, an object while the machine's network has not taken all of it. */
  writeBuffer(request: null, bytes: Uint8Array): number | Dispatched
}

/** A write that is under way. It must hold its bytes itself. */
export interface Dispatched {
  oncomplete: (this: Dispatched, status: number) => void
  buffer: Uint8Array
  /** It had ended before one could listen for it. */
  writeStatus?: number | null
  /** Whoever wrote. */
  writer?: object
}

type Write = (request: unknown, ...rest: unknown[]) => unknown

/** Whether Node itself writes in the way that is known here; null before it was seen to. */
let known: boolean | null = null

/**
 * What to write frames to that go out whole, past Node's stream: its bookkeeping costs a sixth of a delivery, and is only needed once something
 * has to wait. That way is Node's own and it may change, so it is taken only if Node was seen to take it: to be called before `first`, which writes a Latin-1
 * string to this socket. Null where it is another, and then everything goes through the stream.
 */
export function straightTo(socket: Socket, first: () => void): Handle | null {
  const handle: unknown = Reflect.get(socket, '_handle')
  if (known === null && isObject(handle)) watch(handle, first)
  else first()
  return known === true && isObject(handle) && socket.writableLength === 0 ? (handle as unknown as Handle) : null
}

function watch(handle: Record<string, unknown>, first: () => void): void {
  const { writeLatin1String: own, writeBuffer } = handle
  if (typeof own !== 'function' || typeof writeBuffer !== 'function') {
    known = false
    first()
    return
  }
  let seen = false
  const watched: Write = (request, ...rest) => {
    const answer: unknown = Reflect.apply(own as Write, handle, [request, ...rest])
    seen = request === null && answer === 0
    return answer
  }
  handle['writeLatin1String'] = watched
  first()
  delete handle['writeLatin1String']
  known = seen
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
