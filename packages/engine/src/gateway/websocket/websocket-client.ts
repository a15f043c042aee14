import { LIMITS, toFailure } from '@plenary/kinds'
import type { ServerEvents } from '@plenary/kinds'
import type { Socket } from 'node:net'
import type { ClientSocket, Arrival, Received, Reception } from '../client-socket.ts'
import type { Outgoing } from '../outgoing.ts'
import { RawJson } from '../raw-json.ts'
import type { Due, DueList } from '../../runtime/due-list.ts'
import { FrameReader } from './frame-reader.ts'
import type { FrameListener } from './frame-reader.ts'
import type { Holder } from './held-socket.ts'
import { frameClose, framePong, frameText, textBytesMax, writeText } from './frames.ts'
import { readPacket } from './packets.ts'
import type { Dispatched, Handle } from './straight.ts'

/** What all connections of a carrier share. */
export interface Shared {
  readonly reception: Reception
  readonly lists: Lists
  /** Those with something to send at the end of this turn. */
  readonly outbox: WebSocketClient[]
  /** Those with something to send that waits for more, a turn or two. */
  readonly late: WebSocketClient[]
  /** Where what goes out in one write is put together; whoever cannot send it at once keeps it, and leaves another. */
  table: Buffer
  /** Connections whose handshake has not passed. */
  strangers: number
  now(): number
}

/** Each connection is in one of them, until it has ended. */
export interface Lists {
  /** Its handshake has not passed. */
  readonly strange: DueList
  /** To be asked whether it is still there. */
  readonly calm: DueList
  /** Was asked. */
  readonly asked: DueList
  /** Its end has been said; what waits may still go out. */
  readonly ending: DueList
}

/** `open` until CONNECT came, `checked` until it is decided, then `inside`; `ended` to us, and `gone` as a socket. */
type State = 'open' | 'checked' | 'inside' | 'ended' | 'gone'

/** Small ones are copied together, which costs less than one more buffer in a write. */
const JOINED_BYTES_MAX = 16 * 1024
/** Text that may be larger is framed where it is said, and its bytes are counted. */
const TEXT_BYTES_MAX = JOINED_BYTES_MAX / 2

export const newTable = (): Buffer => Buffer.allocUnsafeSlow(JOINED_BYTES_MAX)
const PING = frameText('2')
const DISCONNECT = frameText('41')

/** One client over a WebSocket of ours. While it is silent it keeps nothing but itself. */
export class WebSocketClient implements ClientSocket, FrameListener, Holder, Due {
  readonly id: string
  dueAtMs = 0
  before: Due | null = null
  after: Due | null = null
  list: DueList | null = null
  readonly #socket: Socket
  readonly #shared: Shared
  readonly #reader: FrameReader = new FrameReader(this)
  #state: State = 'open'
  #received: Received | null = null
  /** What goes out at the end of this turn; null while there is nothing. */
  #waiting: (Buffer | string)[] | null = null
  /** At most; text is not counted before it is written. */
  #waitingBytes = 0
  /** Where frames go while nothing waits; null where that is not known to be safe. */
  #handle: Handle | null
  /** What the stream or the machine's network has not taken, if anything may be waiting there. */
  #heldUp = false
  #underWayBytes = 0

  constructor(id: string, socket: Socket, handle: Handle | null, shared: Shared) {
    this.id = id
    this.#handle = handle
    this.#socket = socket
    this.#shared = shared
    shared.strangers++
    shared.lists.strange.put(this, shared.now())
  }

  /** Tells it so: with the answer to its request, before anything else. */
  open(answer: string): void {
    const { table } = this.#shared
    this.#sendTable(table.write(answer, 'latin1'))
  }

  get connected(): boolean {
    return this.#state === 'inside'
  }

  get listening(): boolean {
    return this.#state !== 'ended' && this.#state !== 'gone'
  }

  emit<Event extends keyof ServerEvents>(event: Event, ...[body]: Parameters<ServerEvents[Event]>): void {
    if (this.#state === 'inside') this.tell(event, JSON.stringify(body))
  }

  tell(event: keyof ServerEvents, body: string): void {
    if (this.#state === 'inside') this.#sayText(`42["${event}",${body}]`)
  }

  write(packet: Outgoing): void {
    if (this.#state !== 'inside') return
    if (this.#waiting === null) this.#send(packet.frame)
    else this.#say(packet.frame)
  }

  /** Everything goes one way. */
  note(): void {}

  waitingBytes(): number {
    if (!this.listening) return 0
    if (this.#handle !== null && !this.#heldUp) return this.#waitingBytes
    return this.#waitingBytes + this.#underWayBytes + this.#socket.writableLength
  }

  end(): void {
    if (this.#state !== 'inside') return
    this.#say(DISCONNECT)
    this.#close(null)
  }

  cut(): void {
    this.#leave('gone')
    this.#socket.destroy()
  }

  /** The socket has brought something, which may be changed. */
  hear(chunk: Buffer): void {
    if (this.listening) this.#reader.read(chunk)
    // Whoever does not read and goes on asking is answered, which must be kept for it.
    if (this.waitingBytes() > LIMITS.socketCloseBytes) this.cut()
  }

  /** The socket has ended, or failed. */
  gone(): void {
    this.#leave('gone')
  }

  /** Its time in a list is over. */
  due(list: DueList): void {
    const { lists, now } = this.#shared
    if (list === lists.ending) this.cut()
    else if (list === lists.calm) {
      this.#say(PING)
      lists.asked.put(this, now())
    } else this.#close(null)
  }

  text(text: string): void {
    const packet = readPacket(text)
    if (packet === null) return this.#close(null)
    switch (packet.is) {
      case 'nothing':
        return
      case 'pong':
        if (this.list === this.#shared.lists.asked) this.#shared.lists.calm.put(this, this.#shared.now())
        return
      case 'connect':
        // One connection, one handshake.
        if (this.#state !== 'open') return this.#close(null)
        this.#state = 'checked'
        this.#shared.reception.handshake(packet.auth).then(
          (arrival) => this.#enter(arrival),
          (error: unknown) => this.#refuse(error),
        )
        return
      case 'answer':
        if (this.#received === null) this.#close(null)
        return
      case 'event': {
        if (this.#received === null) return this.#close(null)
        const { name, args, id } = packet
        if (id !== null) args.push((answer: unknown) => this.#answer(id, answer))
        this.#received.hear(name, args)
      }
    }
  }

  binary(): void {
    this.#close(null)
  }

  ping(payload: Buffer): void {
    this.#say(framePong(payload))
    if (this.#waitingBytes > JOINED_BYTES_MAX) this.flush()
  }

  closing(code: number | null): void {
    this.#close(code)
  }

  violated(code: number): void {
    this.#close(code)
  }

  /** Sends what was said in this turn. */
  flush(): void {
    const waiting = this.#waiting
    if (waiting === null) return
    const bytes = this.#waitingBytes
    this.#waiting = null
    this.#waitingBytes = 0
    if (this.#state === 'gone') return
    const [first] = waiting
    if (waiting.length === 1 && first instanceof Buffer) this.#send(first)
    else if (bytes <= JOINED_BYTES_MAX) this.#sendTable(this.#lay(waiting))
    else {
      this.#heldUp = true
      this.#socket.cork()
      for (const said of waiting) this.#socket.write(typeof said === 'string' ? frameText(said) : said)
      this.#socket.uncork()
    }
  }

  /** Puts it on the table, one after the other; answers where it ends. */
  #lay(waiting: readonly (Buffer | string)[]): number {
    const { table } = this.#shared
    let end = 0
    for (const said of waiting) {
      if (typeof said === 'string') end = writeText(table, end, said)
      else end += said.copy(table, end)
    }
    return end
  }

  /** Sends what lies there. */
  #sendTable(end: number): void {
    const bytes = this.#shared.table.subarray(0, end)
    const handle = this.#way()
    if (handle === null) this.#socket.write(Buffer.from(bytes))
    else if (this.#sendBy(handle, bytes)) this.#shared.table = newTable()
  }

  #send(frame: Buffer): void {
    const handle = this.#way()
    if (handle === null) this.#socket.write(frame)
    else this.#sendBy(handle, frame)
  }

  /** Straight to the network while it takes all; once it does not, through the stream, until nothing waits any more: that is null. */
  #way(): Handle | null {
    return this.#heldUp && !this.#isFree() ? null : this.#handle
  }

  /** Answers whether the bytes are still needed. */
  #sendBy(handle: Handle, bytes: Buffer): boolean {
    const done = handle.writeBuffer(null, bytes)
    if (done === 0) return false
    if (typeof done === 'number') {
      // What went wrong is the end of it; the close follows.
      this.#socket.destroy()
      return false
    }
    this.#heldUp = true
    this.#underWayBytes = bytes.length
    done.buffer = bytes
    done.writer = this
    done.oncomplete = wentOut
    if (typeof done.writeStatus === 'number') this.wentOut(done.writeStatus)
    return true
  }

  /** Whether what was held up is out; then it is so no more. */
  #isFree(): boolean {
    this.#heldUp = this.#underWayBytes > 0 || this.#socket.writableLength > 0
    return !this.#heldUp
  }

  /** A write that was under way has ended. */
  wentOut(status: number): void {
    this.#underWayBytes = 0
    if (status < 0) this.#socket.destroy()
  }

  #enter(arrival: Arrival): void {
    if (this.#state !== 'checked') return
    const { reception, lists, now } = this.#shared
    this.#state = 'inside'
    this.#shared.strangers--
    lists.calm.put(this, now())
    if (arrival.joins.length > 0) this.#gather()
    this.#sayText(`40{"sid":"${this.id}"}`)
    this.#received = reception.welcome(this, arrival)
  }

  /** What is said from now on goes out in a turn or two: rooms that are at hand are answered by then, and that takes no write of its own. */
  #gather(): void {
    if (this.#waiting !== null) return
    this.#waiting = []
    const { late } = this.#shared
    if (late.push(this) === 1) setImmediate(() => setImmediate(() => flushAll(late)))
  }

  #refuse(error: unknown): void {
    if (this.#state !== 'checked') return
    const data = toFailure(error)
    this.#sayText(`44${JSON.stringify({ message: data.message, data })}`)
    this.#close(null)
  }

  #answer(id: string, answer: unknown): void {
    if (this.#state !== 'inside') return
    this.#sayText(`43${id}[${answer instanceof RawJson ? answer.text : JSON.stringify(answer)}]`)
  }

  #sayText(text: string): void {
    const bytes = textBytesMax(text)
    if (bytes > TEXT_BYTES_MAX) this.#say(frameText(text))
    else this.#say(text, bytes)
  }

  /** Goes out at the end of this turn, with all else that is said in it. */
  #say(said: Buffer | string, bytes = said.length): void {
    if (this.#waiting === null) {
      this.#waiting = []
      const { outbox } = this.#shared
      if (outbox.push(this) === 1) queueMicrotask(() => flushAll(outbox))
    }
    this.#waiting.push(said)
    this.#waitingBytes += bytes
  }

  /** Says why, if there is a code for it, and ends. What comes from now on is not looked at. */
  #close(code: number | null): void {
    if (!this.listening) return
    this.#say(frameClose(code))
    this.flush()
    this.#socket.end()
    this.#leave('ended')
  }

  #leave(state: 'ended' | 'gone'): void {
    const { lists, now } = this.#shared
    if (this.#state === 'open' || this.#state === 'checked') this.#shared.strangers--
    if (this.#state !== 'gone') this.#state = state
    this.#handle = null
    if (state === 'gone') this.list?.take(this)
    else lists.ending.put(this, now())
    const received = this.#received
    this.#received = null
    received?.gone()
  }
}

function wentOut(this: Dispatched, status: number): void {
  if (this.writer instanceof WebSocketClient) this.writer.wentOut(status)
}

function flushAll(outbox: WebSocketClient[]): void {
  // What is said while this goes on goes out with it.
  for (const client of outbox) client.flush()
  outbox.length = 0
}
