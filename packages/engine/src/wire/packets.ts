import type { Digest, OwnPart, Presence, SignalMessage } from '@plenary/kinds'

/** Whole Socket.IO packets that go to many sockets, encoded once. */
const encoder = new TextEncoder()
const packet = (event: string, body: unknown) => encoder.encode(`2["${event}",${JSON.stringify(body)}]`)

export const encodeDigest = (body: Digest): Uint8Array => packet('digest', body)
export const encodeSignal = (body: SignalMessage): Uint8Array => packet('signal', body)
export const encodeMine = (body: OwnPart): Uint8Array => packet('mine', body)
export const encodePresence = (body: Presence): Uint8Array => packet('presence', body)
