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
 * has to wait. That way is Node's own and it may change, so it is taken only once Node was seen to take it, with another socket. To be asked for
 * before anything is written. Null until then, and where it is another way: then everything goes through the stream.
 */
export function straightTo(socket: Socket): Handle | null {
  if (known === false) return null
  const handle: unknown = Reflect.get(socket, '_handle')
  if (!isObject(handle)) return null
  if (known === null) watch(handle)
  return known === true && socket.writableLength === 0 ? (handle as unknown as Handle) : null
}

/** Looks on as the first buffer is written. */
function watch(handle: Record<string, unknown>): void {
  const { writeBuffer: own } = handle
  if (typeof own !== 'function') {
    known = false
    return
  }
  const watched: Write = (request, ...rest) => {
    delete handle['writeBuffer']
    const answer: unknown = Reflect.apply(own as Write, handle, [request, ...rest])
    if (request !== null) known = false
    else if (answer === 0) known ??= true
    return answer
  }
  handle['writeBuffer'] = watched
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
