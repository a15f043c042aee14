import { randomUUID } from 'node:crypto'
import { RawJson, type ClientSocket, type Outgoing, type Received } from '@plenary/engine'
import { LIMITS, toFailure } from '@plenary/kinds'
import type {
  Batch,
  Cursor,
  Entry,
  Failure,
  JoinAnswer,
  RoomId,
  SendAnswer,
  ServerEvents,
  SignalMessage,
  UserId,
  ViewReset,
} from '@plenary/kinds'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import { DOCUMENT_LIMITS, levelOf, reaches, type DocumentContent, type DocumentView } from '@plenary/kinds/document'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { YPresence } from './y-presence.ts'
import { dialectOf, yWebsocket, type YDialect } from './y-dialect.ts'
import type { YMessage } from './y-messages.ts'
import { brings, wholeOf } from './y-text.ts'

/** What a command's body has beside the update. */
const ENVELOPE_BYTES = 64
const RETRY_MS = 250
/** Told to clients that were shut out, beside the reason; they are free to come back with another ticket. */
const CLOSED = { refused: 4403, unknown: 4404, malformed: 1003, restarting: 1012 } as const

/**
 * One client of y-websocket's protocol, or of Hocuspocus's, in one room. To the gateway it is a connection like any other: it joins, sends commands of
 * its own person, and is told batches; all this is translated here, and nothing is told to anyone before it is durable.
 */
export class YClient implements ClientSocket {
  readonly id = randomUUID()
  readonly #webSocket: WebSocket
  readonly #room: RoomId
  readonly #user: UserId
  readonly #presence: YPresence
  #received: Received | null = null
  #dialect: YDialect | null = null
  #cursor: Cursor | null = null
  /** The text as it was told to the client, until it has said what it has beyond that. */
  #told: Uint8Array | null = null
  /** What it changed and no command carries yet. */
  #changes: Uint8Array[] = []
  /** Messages with changes of which it has not been told that they are saved. */
  #owed = 0
  #sending = false
  #joining = false
  #again: NodeJS.Timeout | null = null

  constructor(webSocket: WebSocket, room: RoomId, user: UserId) {
    this.#webSocket = webSocket
    this.#room = room
    this.#user = user
    this.#presence = new YPresence({
      tell: (update) => this.#say({ type: 'awareness', update }),
      signal: (type, body) => this.#received?.hear('signal', [{ room, type, body }]),
    })
  }

  /** From now on it is heard. */
  begin(received: Received): void {
    this.#received = received
    this.#webSocket.on('message', (data, binary) => {
      const bytes = binary && data instanceof Buffer ? data : new Uint8Array()
      const message = (this.#dialect ??= dialectOf(bytes, this.#room)).read(bytes)
      if (message === null) this.#webSocket.close(CLOSED.malformed)
      else this.#hear(message)
    })
    this.#webSocket.on('error', () => this.cut())
    this.#webSocket.on('close', () => {
      if (this.#again !== null) clearTimeout(this.#again)
      this.#presence.leave()
      this.#received = null
      received.gone()
    })
  }

  get connected(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN
  }

  tell(event: keyof ServerEvents, body: string): void {
    this.#tell(event, JSON.parse(body))
  }

  emit<Event extends keyof ServerEvents>(event: Event, ...[body]: Parameters<ServerEvents[Event]>): void {
    this.#tell(event, body)
  }

  write(packet: Outgoing): void {
    const [event, body] = JSON.parse(packet.text.slice(1)) as [string, unknown]
    this.#tell(event, body)
  }

  /** Called every so often: some providers take a silent connection for a broken one. */
  beat(): void {
    this.#say({ type: 'ping' })
  }

  /** What answers weigh waits in no queue but the socket's own. */
  note(): void {
    this.#boundWaiting()
  }

  waitingBytes(): number {
    return this.#webSocket.bufferedAmount
  }

  end(): void {
    this.#webSocket.close()
  }

  cut(): void {
    this.#webSocket.terminate()
  }

  #boundWaiting(): void {
    if (this.#webSocket.bufferedAmount > LIMITS.socketCloseBytes) this.cut()
  }

  #say(message: YMessage): void {
    const bytes = this.connected ? (this.#dialect ?? yWebsocket).write(message) : null
    if (bytes === null) return
    this.#webSocket.send(bytes)
    this.#boundWaiting()
  }

  #hear(message: YMessage): void {
    switch (message.type) {
      case 'step1':
        return this.#join(null, message.stateVector)
      case 'step2': {
        const told = this.#told
        this.#told = null
        if (told === null || brings(told, message.update)) this.#changed(message.update)
        else this.#say({ type: 'saved' })
        return
      }
      case 'update':
        return this.#changed(message.update)
      case 'awareness':
        return this.#presence.said(message.update)
      case 'queryAwareness':
        return this.#presence.asked()
      case 'leave':
        return this.#webSocket.close()
      // The ticket came with the address; whoever shows a token is let in once the room says so.
      case 'token':
      case 'pong':
      case 'denied':
      case 'letIn':
      case 'saved':
      case 'ping':
        return
    }
  }

  #join(cursor: Cursor | null, stateVector: Uint8Array | null): void {
    if (this.#joining || this.#received === null) return
    this.#joining = true
    const request = { room: this.#room, ...(cursor === null ? {} : { cursor }) }
    this.#received.hear('join', [
      request,
      (answer: RawJson | Failure) => {
        this.#joining = false
        this.#joined(answer instanceof RawJson ? (JSON.parse(answer.text) as JoinAnswer) : answer, cursor, stateVector)
      },
    ])
  }

  #joined(answer: JoinAnswer, cursor: Cursor | null, stateVector: Uint8Array | null): void {
    if (!answer.ok) {
      if (answer.temporary) this.#later(() => this.#join(cursor, stateVector), answer)
      else this.#shutOut(answer.message, answer.code === 'not_found' ? CLOSED.unknown : CLOSED.refused)
    } else if (answer.kind !== 'document') this.#shutOut('This room is no document.', CLOSED.unknown)
    else if ('entries' in answer) {
      this.#pass(answer.entries)
      this.#cursor = answer.cursor
    } else {
      const { sharing } = answer.view as unknown as DocumentView
      const mayEdit = reaches(levelOf(sharing, { id: this.#user, role: answer.role }), 'edit')
      if (this.#cursor === null) this.#say({ type: 'letIn', mayEdit })
      this.#begin(answer.cursor, answer.content as unknown as DocumentContent, stateVector)
    }
    this.#flush()
  }

  /** The first step of both sides: each says how far it is, and is told what it lacks. */
  #begin(cursor: Cursor, content: DocumentContent, stateVector: Uint8Array | null): void {
    const whole = wholeOf(content)
    let lacking: Uint8Array | null = null
    try {
      lacking = stateVector === null ? whole : Y.diffUpdate(whole, stateVector)
    } catch (error) {
      this.#shutOut(toFailure(error).message, CLOSED.malformed)
      return
    }
    const first = this.#cursor === null
    this.#cursor = cursor
    this.#told = whole
    this.#say({ type: 'step2', update: lacking })
    this.#say({ type: 'step1', stateVector: Y.encodeStateVectorFromUpdate(whole) })
    if (first) this.#presence.asked()
  }

  #shutOut(reason: string, code: number): void {
    this.#say({ type: 'denied', reason })
    this.#webSocket.close(code)
  }

  #later(run: () => void, { retryAfter = RETRY_MS }: Failure): void {
    if (this.#received === null) return
    if (this.#again !== null) clearTimeout(this.#again)
    this.#again = setTimeout(run, Math.max(retryAfter, RETRY_MS))
  }

  #changed(update: Uint8Array): void {
    // Neither a change nor a deletion.
    if (update.length === 2 && update[0] === 0 && update[1] === 0) return this.#say({ type: 'saved' })
    this.#changes.push(update)
    this.#owed += 1
    const bytes = this.#changes.reduce((sum, { length }) => sum + length, 0)
    // It goes on faster than it can be taken; once it has come back it says again what the room lacks.
    if (bytes > LIMITS.socketCloseBytes) this.cut()
    else this.#flush()
  }

  #flush(): void {
    if (this.#sending || this.#cursor === null || this.#changes.length === 0) return
    const [first = new Uint8Array(), ...others] = this.#changes.splice(0)
    const carried = this.#owed
    this.#owed = 0
    let update = first
    try {
      if (others.length > 0) update = Y.mergeUpdates([first, ...others])
    } catch {
      // One of them is broken: the room says so of it, and takes the others when they come again.
      this.#webSocket.close(CLOSED.malformed)
      return
    }
    const text = toBase64Url(update)
    if (text.length > DOCUMENT_LIMITS.commandBytes - ENVELOPE_BYTES) {
      this.#say({ type: 'denied', reason: 'This is more than can be saved in one go.' })
      return
    }
    this.#sending = true
    this.#send({ room: this.#room, id: randomUUID(), type: 'update', body: { update: text } }, carried)
  }

  /** `carried`: how many of the client's messages it is. */
  #send(
    request: { room: RoomId; id: string; type: string; body: { update: string }; again?: true },
    carried: number,
  ): void {
    this.#received?.hear('send', [
      request,
      (answer: SendAnswer) => {
        if (!answer.ok && answer.temporary)
          return this.#later(() => this.#send({ ...request, again: true }, carried), answer)
        this.#sending = false
        if (!answer.ok) this.#refused(answer, carried)
        else for (let left = carried; left > 0; left--) this.#say({ type: 'saved' })
        this.#flush()
      },
    ])
  }

  #refused({ reason, message }: Failure, carried: number): void {
    if (reason === 'missing_updates') {
      // All that the room lacks comes next, and with it what these were.
      this.#owed += carried
      this.#join(null, null)
    } else this.#say({ type: 'denied', reason: message })
  }

  #tell(event: string, body: unknown): void {
    switch (event) {
      case 'batch':
        return this.#batch(body as Batch)
      case 'view': {
        const { cursor, content } = body as ViewReset
        this.#cursor = cursor
        return this.#say({ type: 'update', update: wholeOf(content as unknown as DocumentContent) })
      }
      case 'signal':
        return this.#presence.heard(body as SignalMessage)
      case 'revoked':
        return this.#shutOut('You cannot be in this document any more.', CLOSED.refused)
      case 'goodbye':
        return this.#webSocket.close(CLOSED.restarting)
      default:
    }
  }

  #batch({ after, through, entries }: Batch): void {
    const cursor = this.#cursor
    if (cursor === null || through <= cursor.seq) return
    if (after > cursor.seq) return this.#join(cursor, null)
    this.#pass(entries.filter(({ seq }) => seq > cursor.seq))
    this.#cursor = { log: cursor.log, seq: through }
  }

  #pass(entries: readonly Entry[]): void {
    const updates = entries.flatMap(({ type, body }) => {
      if (type !== 'update' && type !== 'restored') return []
      return fromBase64Url((body as { update: string }).update) ?? []
    })
    if (updates.length === 0) return
    this.#say({ type: 'update', update: Y.mergeUpdates(updates) })
    if (this.#told !== null) this.#told = Y.mergeUpdates([this.#told, ...updates])
  }
}
