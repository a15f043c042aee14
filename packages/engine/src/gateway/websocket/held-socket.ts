import type { Socket } from 'node:net'

/** Who is told what a socket brings. */
export interface Holder {
  /** The chunk is the holder's to change. */
  hear(chunk: Buffer): void
  /** Once, and last: the socket has ended. */
  gone(): void
}

const HOLDER = Symbol('holder')

interface Held extends Socket {
  [HOLDER]?: Holder
}

/** All sockets have the same four listeners, and no closures of their own. From now on this is who hears of it. */
export function hold(socket: Socket, holder: Holder): void {
  const held = socket as Held
  if (held[HOLDER] === undefined) socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  held[HOLDER] = holder
}

/** Leaves the socket as it was before it was held. */
export function letGo(socket: Socket): void {
  socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
  delete (socket as Held)[HOLDER]
}

function onData(this: Held, chunk: Buffer): void {
  this[HOLDER]?.hear(chunk)
}

/** The other side has said all: whoever does not listen is not told either. */
function onEnd(this: Held): void {
  this.destroy()
}

/** The close follows. */
function onError(): void {}

function onClose(this: Held): void {
  this[HOLDER]?.gone()
}
