import type { CheckedJoin, Identity, ServerEvents } from '@plenary/kinds'
import type { Server as HttpServer } from 'node:http'
import type { Outgoing } from './outgoing.ts'

/**
 * One client's connection, whatever carries it. Guarantee: what is emitted and written arrives in the order of the calls, or the
 * connection ends; nothing is thrown for one that has ended.
 */
export interface ClientSocket {
  /** Told apart from every other of this gateway by it. */
  readonly id: string
  readonly connected: boolean
  emit<Event extends keyof ServerEvents>(event: Event, ...body: Parameters<ServerEvents[Event]>): void
  /** The same with a body that is JSON text already. */
  tell(event: keyof ServerEvents, body: string): void
  /** A whole packet that was framed for many. */
  write(packet: Outgoing): void
  /** What goes to it by another way. */
  note(said: { readonly bytes: number }): void
  /** Bytes handed over and not yet taken by the machine's network; an upper bound. */
  waitingBytes(): number
  /** Ends it once what was written is out. */
  end(): void
  /** Ends it now, dropping what waits. */
  cut(): void
}

/** Whose handshake passed. */
export interface Arrival {
  readonly identity: Identity
  /** The rooms that were asked for with it. */
  readonly joins: readonly CheckedJoin[]
}

/** Where a carrier brings its clients. */
export interface Reception {
  /**
   * Who this is, by what the client sent to be let in. Throws `unauthorized`, `bad_request` for rooms that are none, and `unavailable` when there
   * is no place.
   */
  handshake(auth: unknown): Promise<Arrival>
  /** Takes a client whose handshake passed, and lets it into its rooms. Null when its right has gone meanwhile: then it was ended. */
  welcome(socket: ClientSocket, arrival: Arrival): Received | null
}

/** A client that was taken. */
export interface Received {
  /** What the client says; a function as the last argument is called with the answer: a `RawJson` or plain JSON. */
  hear(event: string, args: unknown[]): void
  /** Once, and last: the connection has ended. */
  gone(): void
}

/** What takes the WebSockets of an HTTP server under a path of its own. */
export interface PathCarrier {
  /** Begins and ends with a slash. */
  readonly path: string
  open(server: HttpServer, reception: Reception): Carrier
}

/** Brings clients to a reception until it is closed. */
export interface Carrier {
  /** Ends all its connections. */
  close(): Promise<void>
}
