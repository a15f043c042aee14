import type { CommandId, Seq } from '@plenary/kinds'

/** Milliseconds counted in buckets each 2 % wider than the last, from 0.1 ms up: a bounded size for any number of samples. */
export class Histogram {
  readonly #counts = new Float64Array(1_000)
  #total = 0

  add(ms: number): void {
    const bucket = Math.floor(Math.log(Math.max(ms, FLOOR_MS) / FLOOR_MS) / STEP)
    const index = Math.min(this.#counts.length - 1, bucket)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#total++
  }

  get total(): number {
    return this.#total
  }

  /** The upper bound of the bucket in which the given share of the samples is reached; null without a sample. */
  quantile(share: number): number | null {
    if (this.#total === 0) return null
    let passed = 0
    const index = this.#counts.findIndex((count) => (passed += count) >= share * this.#total && passed > 0)
    return Math.round(FLOOR_MS * Math.exp((index + 1) * STEP) * 10) / 10
  }
}
const FLOOR_MS = 0.1
const STEP = Math.log(1.02)

/** What one attendee got, one bit for each message. */
export interface Receiver {
  /** The log up to here was in the view it came in with, or was skipped by a reset. */
  excused: { from: Seq; to: Seq }[]
  /** The last entry it was told. */
  last: Seq
  got: Uint8Array
}

export interface Counts {
  sent: number
  acknowledged: number
  refused: number
  delivered: number
  lost: number
  duplicated: number
  reordered: number
}

interface Sent {
  at: number
  acknowledged: boolean
  refused: boolean
  /** Its place in the room, as somebody was told it. */
  seq: Seq | null
  id: CommandId | null
}

/** An entry as an attendee was told it. */
export interface Told {
  seq: Seq
  id: CommandId
  /** Which message it is; null for anything else in the room. */
  message: number | null
}

/** Holds what was sent against what everyone got. Times in milliseconds on one monotonic clock. */
export class Ledger {
  readonly acknowledgement = new Histogram()
  readonly delivery = new Histogram()
  readonly #sent: Sent[] = []
  readonly #receivers: Receiver[] = []
  readonly #idAt = new Map<Seq, CommandId>()
  #delivered = 0
  #duplicated = 0
  #reordered = 0

  /** The number of the message to be sent now. */
  send(at: number): number {
    return this.#sent.push({ at, acknowledged: false, refused: false, seq: null, id: null }) - 1
  }

  acknowledged(message: number, at: number): void {
    const sent = this.#of(message)
    sent.acknowledged = true
    this.acknowledgement.add(at - sent.at)
  }

  refused(message: number): void {
    this.#of(message).refused = true
  }

  /** A new attendee, whose first view shows the room up to `seq`. */
  receiver(seq: Seq): Receiver {
    const receiver: Receiver = { excused: [{ from: 0, to: seq }], last: seq, got: new Uint8Array(64) }
    this.#receivers.push(receiver)
    return receiver
  }

  told(receiver: Receiver, { seq, id, message }: Told, at: number): void {
    if (seq === receiver.last) this.#duplicated++
    else if (seq < receiver.last) this.#reordered++
    receiver.last = Math.max(receiver.last, seq)
    const known = this.#idAt.get(seq)
    if (known === undefined) this.#idAt.set(seq, id)
    else if (known !== id) this.#reordered++
    if (message === null || message >= this.#sent.length) return
    const sent = this.#of(message)
    if (sent.seq === null) {
      sent.seq = seq
      sent.id = id
    } else if (sent.seq !== seq) this.#duplicated++
    if (has(receiver, message)) this.#duplicated++
    mark(receiver, message)
    this.#delivered++
    this.delivery.add(at - sent.at)
  }

  /** The room jumped: what lies between is in the view, not told one by one. */
  reset(receiver: Receiver, jump: { from: Seq; to: Seq }): void {
    receiver.excused.push(jump)
    receiver.last = Math.max(receiver.last, jump.to)
  }

  /** Everything sent was answered, and what was saved has reached everyone. */
  get settled(): boolean {
    return this.#sent.every(({ acknowledged, refused }, message) => refused || (acknowledged && !this.#missed(message)))
  }

  /** `log` is the room's own history, each message under the places at which it stands; null when it could not be read. */
  counts(log: ReadonlyMap<number, Seq[]> | null): Counts {
    const saved = this.#sent.flatMap(({ acknowledged }, message) => (acknowledged ? [message] : []))
    const gone = (message: number) => log !== null && !log.has(message)
    const twice = [...(log?.values() ?? [])].reduce((sum, places) => sum + places.length - 1, 0)
    return {
      sent: this.#sent.length,
      acknowledged: saved.length,
      refused: this.#sent.filter(({ refused }) => refused).length,
      delivered: this.#delivered,
      lost: saved.filter((message) => gone(message) || this.#missed(message)).length,
      duplicated: Math.max(this.#duplicated, twice),
      reordered: this.#reordered,
    }
  }

  /** Somebody who was there when it was saved did not get it. */
  #missed(message: number): boolean {
    const { seq } = this.#of(message)
    if (seq === null) return this.#receivers.length > 0
    return this.#receivers.some(
      (receiver) => !has(receiver, message) && !receiver.excused.some(({ from, to }) => seq > from && seq <= to),
    )
  }

  #of(message: number): Sent {
    const sent = this.#sent[message]
    if (sent === undefined) throw new RangeError(`No message ${message} was sent.`)
    return sent
  }
}

function has({ got }: Receiver, message: number): boolean {
  return ((got[message >> 3] ?? 0) & (1 << (message & 7))) !== 0
}

function mark(receiver: Receiver, message: number): void {
  const byte = message >> 3
  if (byte >= receiver.got.length) {
    const longer = new Uint8Array(Math.max(byte + 1, receiver.got.length * 2))
    longer.set(receiver.got)
    receiver.got = longer
  }
  receiver.got[byte] = (receiver.got[byte] ?? 0) | (1 << (message & 7))
}
