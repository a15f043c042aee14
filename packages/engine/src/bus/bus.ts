import { PlenaryError } from '@plenary/kinds'

/** Ends a subscription; what is already on its way may still arrive. */
export interface Subscription {
  close(): Promise<void>
}

/** `header` is small plain JSON that a receiver reads; `payload` are bytes that it passes on as they are. */
export interface BusMessage {
  header: unknown
  payload?: Uint8Array
}

export type MessageHandler = (message: BusMessage) => void
/** Throws a PlenaryError to refuse; the asker gets the same error. */
export type RequestHandler = (message: BusMessage) => Promise<BusMessage>

/**
 * Between nodes. Guarantee: a published message reaches each present subscriber of the topic at most once, in the order of one
 * publisher's calls while nothing is lost; it may be lost, never altered. `subscribe` and `respond` resolve once they are in
 * force. A request reaches one responder or fails with a temporary `PlenaryError`: `moved` when nobody answers for the
 * topic, `timeout` when no answer came in time (it may have been carried out all the same). What is passed is not changed by
 * either side afterwards.
 *
 * A bus that was cut off has lost what was published meanwhile, here or elsewhere, and does not bring it back. It calls those who gave
 * `onWhole` each time when it is whole again: every subscription is in force, and what is published from then on goes out. Each
 * node is told of its own end; one that cannot be cut off never calls.
 */
export interface Bus {
  publish(topic: string, message: BusMessage): void
  subscribe(topic: string, handler: MessageHandler): Promise<Subscription>
  request(topic: string, message: BusMessage, timeoutMs: number): Promise<BusMessage>
  respond(topic: string, handler: RequestHandler): Promise<Subscription>
  onWhole(listener: () => void): Subscription
  close(): Promise<void>
}

/** What a question that nobody answered in time ends with; it may have been heard all the same. */
export const unanswered = (): PlenaryError => new PlenaryError('timeout', 'No answer in time.')
