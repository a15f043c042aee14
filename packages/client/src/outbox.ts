import {
  failure,
  PlenaryError,
  type CommandId,
  type Failure,
  type Json,
  type Millis,
  type RoomId,
  type SendAnswer,
  type SendReceipt,
  type SendRequest,
  type Seq,
  type UserId,
} from '@plenary/kinds'
import { backoffMs } from './backoff.ts'
import type { Cancel, Runtime } from './clock.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { OutboxStore, type StoredCommand } from './outbox-store.ts'
import type { Storage } from './storage.ts'

/** What became so far of a command of the user's own (R12). A saved one leaves the list when the view shows it. */
export interface PendingCommand {
  id: CommandId
  type: string
  body: Json
  at: Millis
  /** `kept`: on this device, not on its way. `sending`: on its way, or saved and about to show. */
  state: 'kept' | 'sending' | 'refused'
  /** Why it was refused. */
  failure?: Failure
}

export type SendFunction = (request: SendRequest, answer: (answer: SendAnswer) => void) => void

export interface OutboxParts {
  runtime: Runtime
  storage: Storage
  user: UserId
  room: RoomId
  changed(): void
  /** A saved command does not show: something was missed. */
  missed: () => void
}

interface Item {
  command: StoredCommand
  state: 'kept' | 'sending' | 'saved' | 'refused'
  /** It may have reached a server before. */
  again: boolean
  tries: number
  /** The room's head when it was saved. */
  seq: Seq
  /** The room was asked for what was missed, because it did not show. */
  sought: boolean
  failure: Failure | null
  resolve(receipt: SendReceipt): void
  reject(error: PlenaryError): void
  timer: Cancel
}

/**
 * A room's commands until they are settled. Each is stored before it is sent and sent until it is answered, under one
 * id. One at a time, because a server that puts one off may take the next: only an answer makes sure that no later
 * command overtakes an earlier one. The server's own rate limit is the narrower of the two on all but the slowest lines.
 */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #store: OutboxStore
  #items: Item[] = []
  #list: readonly PendingCommand[] | null = null
  #send: SendFunction | null = null
  #backoff: Cancel | null = null
  #reached: Seq = 0
  #saysSeen = false
  #closed = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
    this.#store = new OutboxStore(parts.storage, parts.user, parts.room)
    this.#items = this.#store.load().map((command) => ({ ...newItem(command), again: true }))
  }

  /** Oldest first; the same array while nothing changed. */
  get pending(): readonly PendingCommand[] {
    return (this.#list ??= this.#items.map(shown))
  }

  /** How many are neither saved and shown nor refused. */
  get unsettled(): number {
    return this.#items.filter((item) => item.state !== 'refused').length
  }

  /** Rejects with `PlenaryError` when refused for good, or when the outbox is full or closed. */
  add(type: string, body: Json): Promise<SendReceipt> {
    if (this.#closed) return Promise.reject(closedError())
    if (this.#items.length >= CLIENT_LIMITS.outboxCommandsPerRoom) {
      return Promise.reject(new PlenaryError('unavailable', 'Too many messages are waiting on this device.'))
    }
    const { runtime } = this.#parts
    const item = newItem(this.#store.make(runtime.commandId(), type, body, runtime.now()))
    const settled = new Promise<SendReceipt>((resolve, reject) => {
      item.resolve = resolve
      item.reject = reject
    })
    // Whoever does not wait for the promise reads the same from the list.
    settled.catch(() => undefined)
    this.#store.put(item.command)
    this.#items.push(item)
    this.#pump()
    this.#changed()
    return settled
  }

  /** The room can take commands now, and its view stands at `reached`; `saysSeen`: new commands say so. */
  open(send: SendFunction, { reached, saysSeen }: { reached: Seq; saysSeen: boolean }): void {
    this.#send = send
    this.#saysSeen = saysSeen
    this.#backoff?.()
    this.#backoff = null
    this.reached(reached)
    for (const item of this.#items) if (item.state === 'saved') this.#awaitShown(item)
    this.#pump()
    this.#changed()
  }

  /** The way to the room is gone; what was on its way will be sent again. */
  shut(): void {
    this.#send = null
    this.#backoff?.()
    this.#backoff = null
    for (const item of this.#items) {
      item.timer()
      if (item.state === 'sending') item.state = 'kept'
    }
    this.#changed()
  }

  /** The view shows everything up to here. */
  reached(seq: Seq): void {
    this.#reached = seq
    const done = this.#items.filter((item) => item.state === 'saved' && item.seq <= seq)
    for (const item of done) this.#drop(item)
  }

  /** Nothing more will be taken from here, for this reason. */
  refuseAll(why: Failure): void {
    this.shut()
    // What is saved will not show any more, and nobody waits for it.
    this.#items = this.#items.filter((item) => item.state !== 'saved')
    for (const item of this.#items) {
      if (item.state === 'kept') this.#refuse(item, item.again ? unknownOutcome(why) : why)
    }
    this.#changed()
  }

  /** Sends a refused command again, in its old place; does nothing for any other. */
  retry(id: CommandId): void {
    const item = this.#items.find(({ command }) => command.id === id)
    if (item?.state !== 'refused') return
    item.state = 'kept'
    item.failure = null
    item.tries = 0
    this.#store.put(item.command)
    this.#pump()
    this.#changed()
  }

  /** Takes a refused command off the list; does nothing for any other. */
  discard(id: CommandId): void {
    const item = this.#items.find(({ command }) => command.id === id)
    if (item?.state === 'refused') this.#drop(item)
  }

  /** Ends all timers. What is unsettled stays stored for the next time; its promise rejects. */
  close(): void {
    this.#closed = true
    this.shut()
    for (const item of this.#items) item.reject(closedError())
  }

  #pump(): void {
    if (this.#send === null || this.#backoff !== null) return
    const next = this.#items.find((item) => item.state === 'kept' || item.state === 'sending')
    if (next?.state === 'kept') this.#transmit(next, this.#send)
  }

  #transmit(item: Item, send: SendFunction): void {
    const { id, type, body } = item.command
    const attempt = ++item.tries
    const before = item.again
    // A copy that comes late is told by this from a new command: whatever was carried out of it lies past what its sender had seen.
    const how = before ? { again: true } : this.#saysSeen ? { seen: this.#reached } : {}
    item.state = 'sending'
    item.again = true
    item.timer = this.#parts.runtime.setTimeout(
      () => this.#putOff(item, failure('timeout', 'The server did not answer in time.')),
      CLIENT_LIMITS.ackMs,
    )
    send({ room: this.#parts.room, id, type, body, ...how }, (answer) => {
      if (answer.ok) this.#save(item, answer)
      else if (item.state === 'sending' && item.tries === attempt) {
        if (answer.temporary) this.#putOff(item, answer)
        else {
          this.#refuse(item, before && turnedAway(answer) ? unknownOutcome(answer) : answer)
          this.#pump()
          this.#changed()
        }
      }
    })
  }

  #save(item: Item, receipt: SendReceipt): void {
    if (this.#closed || item.state === 'saved' || !this.#items.includes(item)) return
    item.timer()
    this.#store.remove(item.command.id)
    item.state = 'saved'
    item.seq = receipt.seq
    item.failure = null
    item.resolve(receipt)
    if (item.seq <= this.#reached) this.#drop(item)
    else if (this.#send !== null) this.#awaitShown(item)
    this.#pump()
    this.#changed()
  }

  #awaitShown(item: Item): void {
    const { runtime, missed } = this.#parts
    item.timer()
    item.timer = runtime.setTimeout(() => {
      // Its seq may stand for what this user never sees: then nothing more comes, however often it is asked for.
      if (item.sought) return this.#drop(item)
      item.sought = true
      item.timer = runtime.setTimeout(() => this.#drop(item), CLIENT_LIMITS.showMs)
      missed()
    }, CLIENT_LIMITS.showMs)
  }

  #putOff(item: Item, why: Failure): void {
    item.timer()
    item.state = 'kept'
    const { runtime } = this.#parts
    const ms = backoffMs(item.tries - 1, runtime.random, why.retryAfter, CLIENT_LIMITS.commandBackoffCapMs)
    this.#backoff = runtime.setTimeout(() => {
      this.#backoff = null
      this.#pump()
      this.#changed()
    }, ms)
    this.#changed()
  }

  #refuse(item: Item, why: Failure): void {
    item.timer()
    item.state = 'refused'
    item.failure = why
    this.#store.remove(item.command.id)
    item.reject(new PlenaryError(why.code, why.message, why))
  }

  #drop(item: Item): void {
    item.timer()
    this.#items = this.#items.filter((other) => other !== item)
    this.#changed()
  }

  #changed(): void {
    this.#list = null
    this.#parts.changed()
  }
}

function shown({ command: { id, type, body, at }, state, failure: why }: Item): PendingCommand {
  const common = { id, type, body, at, state: state === 'saved' ? ('sending' as const) : state }
  return why === null ? common : { ...common, failure: why }
}

/** A gateway that does not let the command in cannot say what became of it before. */
function turnedAway({ code }: Failure): boolean {
  return code === 'forbidden' || code === 'unauthorized'
}

/** It was on its way when the way was closed (R12: no more is said than is known). */
function unknownOutcome({ code, message }: Failure): Failure {
  return failure(code, `${message} Whether this was saved before is not known.`, { reason: 'outcome_unknown' })
}

function nothing(): void {}

function newItem(command: StoredCommand): Item {
  return {
    command,
    state: 'kept',
    again: false,
    tries: 0,
    seq: 0,
    sought: false,
    failure: null,
    resolve: nothing,
    reject: nothing,
    timer: nothing,
  }
}

function closedError(): PlenaryError {
  return new PlenaryError('unavailable', 'The room was left; what was not saved stays on this device.')
}
