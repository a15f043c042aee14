import {
  failure,
  PlenaryError,
  type Failure,
  type JoinRequest,
  type Millis,
  type Revoked,
  type Welcome,
} from '@plenary/kinds'
import { backoffMs, returnMs } from './backoff.ts'
import type { Cancel, DeviceChange, Runtime } from './clock.ts'
import { CLIENT_LIMITS } from './limits.ts'
import type { Address, ServerMessage, Transport, Wire } from './transport.ts'

/** Where a connection stands. `online` holds while another gateway is being dialled beside it. */
export type ConnectionState =
  | { at: 'connecting' }
  | { at: 'online'; wire: Wire; node: string | null; since: Millis; takes: Takes }
  | { at: 'waiting'; nextTryAt: Millis; failure: Failure }
  | { at: 'revoked'; revoked: Revoked | null; failure: Failure }
  | { at: 'closed' }

/** What this server takes beside what all do. */
type Takes = NonNullable<Welcome['takes']>

export interface ConnectionParts {
  runtime: Runtime
  transport: Transport
  /** A fresh ticket and the gateway to use now, another than the one to avoid if there is any; throws `PlenaryError`. */
  address(avoid: string | null): Promise<Address>
  /** How many people may have lost their connection with this one. */
  people(): number
  /** What the rooms will ask of a new wire. */
  joins(): JoinRequest[]
  /** A new wire is the one to use. Resolves when all that ran over the old one runs over it. */
  up(wire: Wire): Promise<void>
  /** No wire for now. */
  down(): void
  /** `current` is false for what an old wire still says while a new one takes over. */
  message(message: ServerMessage, current: boolean): void
  /** Over for good, and why. */
  revoked(why: Failure): void
  /** Hidden long enough to have missed something unnoticed. */
  woke(): void
  changed(): void
}

interface Dial {
  over: boolean
  wire: Wire | null
  /** Once it is known. */
  gateway: string | null
  timeout: Cancel
}

/**
 * Keeps one wire to whichever gateway the registry names: dials, backs off with full jitter, dials again. A move (on
 * `goodbye`, on a changed role) dials beside the living wire and takes the new one over before the old one is dropped.
 */
export class Connection {
  readonly #parts: ConnectionParts
  #unwatch: Cancel = () => undefined
  #state: ConnectionState = { at: 'connecting' }
  #dial: Dial | null = null
  #retry: Cancel | null = null
  #retiring: Wire | null = null
  #attempt = 0
  #aheadMs: Millis = 0
  /** Where the wire in use leads, and the gateway that failed since there was one. */
  #gateway: string | null = null
  #avoid: string | null = null
  #hiddenAt: Millis | null = null

  constructor(parts: ConnectionParts) {
    this.#parts = parts
  }

  /** Dials from now on until it is closed or revoked; `first` is an address already at hand. */
  start(first: Address | null): void {
    this.#unwatch = this.#parts.runtime.watchDevice((change) => this.#device(change))
    this.#call(first)
  }

  get state(): ConnectionState {
    return this.#state
  }
  /** By how much the server's wall clock is ahead of the device's, as it last said; 0 before. */
  get aheadMs(): Millis {
    return this.#aheadMs
  }

  /** This wire stopped answering: drop it and dial again, backing off further, since whoever is slow is busy. */
  giveUp(wire: Wire): void {
    if (this.#state.at !== 'online' || this.#state.wire !== wire) return
    wire.close()
    this.#lost(null)
  }

  /** A wire with a fresh ticket, made before the present one is dropped. */
  renew(): void {
    if (this.#state.at === 'online' && this.#dial === null) this.#call(null)
  }

  /** Ends for good: the right to be here is gone. */
  revoke(revoked: Revoked | null, reason: Failure): void {
    this.#end({ at: 'revoked', revoked, failure: reason })
  }

  close(): void {
    this.#end({ at: 'closed' })
  }

  #call(first: Address | null): void {
    this.#retry?.()
    this.#retry = null
    const { runtime } = this.#parts
    const dial: Dial = { over: false, wire: null, gateway: null, timeout: () => undefined }
    dial.timeout = runtime.setTimeout(
      () => this.#failed(dial, new PlenaryError('timeout', 'The server did not answer in time.'), false),
      CLIENT_LIMITS.connectMs,
    )
    this.#dial = dial
    if (this.#state.at !== 'online') this.#to({ at: 'connecting' })
    if (first !== null) this.#connect(dial, first)
    else {
      this.#parts.address(this.#avoid).then(
        (address) => this.#connect(dial, address),
        (error: unknown) => this.#failed(dial, asPlenaryError(error), true),
      )
    }
  }

  #connect(dial: Dial, address: Address): void {
    if (dial.over) return
    dial.gateway = address.gateway
    const wire = this.#parts.transport.connect(address, {
      joins: () => this.#parts.joins(),
      opened: () => this.#opened(dial, wire),
      message: (message) => this.#message(wire, message),
      closed: (reason) => {
        const error = reason ?? failure('unavailable', 'The connection was lost.')
        if (!dial.over) this.#failed(dial, new PlenaryError(error.code, error.message, error), false)
        else if (this.#state.at === 'online' && this.#state.wire === wire) this.#dropped(reason, this.#state.since)
        else if (this.#retiring === wire) this.#retiring = null
      },
    })
    dial.wire = wire
  }

  #opened(dial: Dial, wire: Wire): void {
    if (dial.over) return
    dial.over = true
    dial.timeout()
    this.#dial = null
    this.#gateway = dial.gateway
    this.#avoid = null
    this.#retiring?.close()
    this.#retiring = this.#state.at === 'online' ? this.#state.wire : null
    this.#to({ at: 'online', wire, node: null, since: this.#parts.runtime.now(), takes: [] })
    void this.#takeOver(wire)
  }

  async #takeOver(wire: Wire): Promise<void> {
    await this.#parts.up(wire)
    if (this.#state.at !== 'online' || this.#state.wire !== wire) return
    this.#retiring?.close()
    this.#retiring = null
  }

  /** Only the platform's own word about this person is final; a gateway's refusal is asked again with a fresh ticket. */
  #failed(dial: Dial, error: PlenaryError, platform: boolean): void {
    if (dial.over) return
    dial.over = true
    dial.timeout()
    dial.wire?.close()
    this.#dial = null
    // What is refused for good is about the ticket, and would be elsewhere.
    if (error.temporary) this.#avoid = dial.gateway ?? this.#avoid
    if (platform && !error.temporary) this.revoke(null, error.toFailure())
    else this.#wait(error.toFailure())
  }

  #dropped(reason: Failure | null, since: Millis): void {
    if (this.#parts.runtime.now() - since >= CLIENT_LIMITS.stableMs) this.#attempt = 0
    this.#lost(reason)
  }

  #lost(reason: Failure | null): void {
    this.#retiring?.close()
    this.#retiring = null
    this.#avoid = this.#gateway
    this.#state = { at: 'connecting' }
    if (this.#dial === null) this.#return(reason ?? lostFailure)
    else this.#parts.changed()
    this.#parts.down()
  }

  /** The first try after a loss that came out of the blue, when all may be about to come back. */
  #return(reason: Failure): void {
    if (this.#attempt > 0) return this.#wait(reason)
    this.#attempt++
    this.#wait(reason, (reason.retryAfter ?? 0) + returnMs(this.#parts.people(), this.#parts.runtime.random))
  }

  #wait(reason: Failure, ms = backoffMs(this.#attempt++, this.#parts.runtime.random, reason.retryAfter)): void {
    this.#retry?.()
    this.#retry = this.#parts.runtime.setTimeout(() => this.#call(null), ms)
    if (this.#state.at !== 'online') {
      this.#to({ at: 'waiting', nextTryAt: this.#parts.runtime.now() + ms, failure: reason })
    }
  }

  #message(wire: Wire, message: ServerMessage): void {
    if (this.#state.at !== 'online') return
    const current = this.#state.wire === wire
    if (!current && this.#retiring !== wire) return
    if (current && message.name === 'welcome') {
      const { node, now, takes = [] } = message.body
      this.#aheadMs = now - this.#parts.runtime.now()
      this.#to({ ...this.#state, node, takes })
    } else if (current && message.name === 'goodbye') this.#move(message.body.within)
    else this.#parts.message(message, current)
  }

  #move(withinMs: Millis): void {
    if (this.#dial !== null || this.#retry !== null) return
    const ms = this.#parts.runtime.random() * withinMs * CLIENT_LIMITS.goodbyeSpread
    this.#retry = this.#parts.runtime.setTimeout(() => this.#call(null), ms)
  }

  #device(change: DeviceChange): void {
    const { runtime } = this.#parts
    if (change === 'hidden') this.#hiddenAt = runtime.now()
    else if (change === 'offline') {
      // What the device calls offline can still reach a server on it, so the tries go on.
      if (this.#state.at === 'online') this.giveUp(this.#state.wire)
      else this.#parts.changed()
    } else {
      if (this.#state.at === 'waiting') {
        this.#attempt = 0
        this.#wait(this.#state.failure, runtime.random() * CLIENT_LIMITS.wakeJitterMs)
      } else if (change === 'visible' && this.#state.at === 'online' && this.#hiddenAt !== null) {
        if (runtime.now() - this.#hiddenAt >= CLIENT_LIMITS.hiddenMs) this.#parts.woke()
      } else this.#parts.changed()
      if (change === 'visible') this.#hiddenAt = null
    }
  }

  #end(state: ConnectionState & { at: 'revoked' | 'closed' }): void {
    if (this.#state.at === 'closed' || this.#state.at === state.at) return
    const wire = this.#state.at === 'online' ? this.#state.wire : null
    this.#unwatch()
    this.#retry?.()
    this.#retry = null
    if (this.#dial !== null) {
      this.#dial.over = true
      this.#dial.timeout()
      this.#dial.wire?.close()
      this.#dial = null
    }
    this.#retiring?.close()
    this.#retiring = null
    this.#to(state)
    wire?.close()
    if (wire !== null) this.#parts.down()
    if (state.at === 'revoked') this.#parts.revoked(state.failure)
  }

  #to(state: ConnectionState): void {
    this.#state = state
    this.#parts.changed()
  }
}

const lostFailure = failure('unavailable', 'The connection was lost.')

function asPlenaryError(error: unknown): PlenaryError {
  return error instanceof PlenaryError ? error : new PlenaryError('internal', 'Something went wrong.', { cause: error })
}
