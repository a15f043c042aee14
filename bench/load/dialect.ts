import type { Buffer as Bytes } from 'node:buffer'

/** How one kind of server is spoken to. Messages are read at fixed places: whoever measures must cost less than what is measured. */
export interface Dialect {
  /** Where its WebSocket is. */
  readonly path: string
  /** The connection is open. Answers what to say first, and whether it is in already. */
  open(): { say: string | null; entered: boolean }
  /** What a message says. */
  hear(bytes: Bytes, from: number, to: number, ticket: string): Heard
  /** The message that asks for entry `number` to be told to all, answered with an acknowledgement under this number. */
  ask(number: number): string
  /** Whether asking is acknowledged. */
  readonly acknowledges: boolean
}

export type Heard =
  | { is: 'delivery'; after: number; through: number }
  /** `seq` where the server says which place the entry got; otherwise the number it was asked under. */
  | { is: 'ack'; number: number; seq: number }
  | { is: 'say'; text: string }
  | { is: 'entered' }
  | { is: 'refused'; why: string }
  | typeof NOTHING

/** Something that is not measured. */
export const NOTHING = { is: 'nothing' } as const

/** What everyone says, as long as a chat message is. */
export const TEXT = 'When will the recording be up, and where do we find the slides of the second talk?'

/** The room of most benchmarks. */
export const ROOM = 'bench'

const ZERO = 0x30

/** The decimal number that begins at this place. */
export function numberAt(bytes: Bytes, at: number): number {
  let value = 0
  const end = afterNumber(bytes, at)
  for (let place = at; place < end; place++) value = value * 10 + (bytes[place] ?? ZERO) - ZERO
  return value
}

/** Behind the number that begins at this place. */
export function afterNumber(bytes: Bytes, at: number): number {
  let place = at
  for (let code = bytes[place] ?? 0; code >= ZERO && code <= ZERO + 9; code = bytes[place] ?? 0) place++
  return place
}
