import type {
  Batch,
  Digest,
  Failure,
  Goodbye,
  JoinAnswer,
  JoinRequest,
  LeaveAnswer,
  OwnPart,
  Presence,
  Revoked,
  SendAnswer,
  SendRequest,
  SignalMessage,
  SignalRequest,
  ViewReset,
  Welcome,
} from '@plenary/kinds'

/** What a server may say unasked, by its name on the wire. */
export type ServerMessage =
  | { name: 'welcome'; body: Welcome }
  | { name: 'batch'; body: Batch }
  | { name: 'view'; body: ViewReset }
  | { name: 'mine'; body: OwnPart }
  | { name: 'digest'; body: Digest }
  | { name: 'presence'; body: Presence }
  | { name: 'signal'; body: SignalMessage }
  | { name: 'goodbye'; body: Goodbye }
  | { name: 'revoked'; body: Revoked }

export const SERVER_MESSAGES = [
  'welcome',
  'batch',
  'view',
  'mine',
  'digest',
  'presence',
  'signal',
  'goodbye',
  'revoked',
] as const satisfies readonly ServerMessage['name'][]

/** Where to connect, and as whom. */
export interface Address {
  gateway: string
  ticket: string
}

export interface WireListener {
  /** The rooms to be in from the start: asked for when the handshake goes out, each joined over the wire once it is open. */
  joins?(): readonly JoinRequest[]
  /** Once, when messages may flow. */
  opened(): void
  message(message: ServerMessage): void
  /** Once, and last: it could not be opened, or is gone. `failure` when the server said why. Not told after `close()`. */
  closed(failure: Failure | null): void
}

/** One connection. In order and at most once; an answer may never come. */
export interface Wire {
  join(request: JoinRequest, answer: (answer: JoinAnswer) => void): void
  leave(request: { room: string }, answer: (answer: LeaveAnswer) => void): void
  send(request: SendRequest, answer: (answer: SendAnswer) => void): void
  signal(request: SignalRequest): void
  /** Ends it; the listener hears no more. */
  close(): void
}

/** Opens connections and never re-opens one by itself. Calls the listener only after `connect` returned. */
export interface Transport {
  connect(address: Address, listener: WireListener): Wire
}
