import type { Batch, Cursor, Entry, Presence, Seq, ViewReset } from '@plenary/kinds'
import { Latencies, type LatencyCounts } from './latencies.ts'

/** Milliseconds of a clock that all processes of this machine read alike, so that one may send and another receive. */
export const machineMs = () => Number(process.hrtime.bigint()) / 1e6

const MARK = 'light'

/** What a message says of itself: in which phase of a run it was sent, and when. */
export const markedText = (phase: string, sentAt: number, filler = '') =>
  `${MARK} ${phase} ${sentAt} ${filler}`.trimEnd()

interface Marked {
  phase: string
  sentAt: number
}

/** A packet as all who get it need it: the same bytes come to thousands, and are read once. */
export type Told =
  | { name: 'batch'; after: Seq; through: Seq; entries: readonly Place[] }
  | { name: 'view'; cursor: Cursor }
  | { name: 'goodbye'; within: number; reason: string }
  | { name: 'presence'; total: number }
  | { name: 'other' }

/** One entry of a batch, with what it says of itself if it is a message of a run. */
export interface Place {
  seq: Seq
  marked: Marked | null
}

/** What came to the clients of one process: how long it took, and all that anybody was ever told, to know what others lack. */
export class Book {
  readonly #latencies = new Map<string, Latencies>()
  /** Messages of the run by their places. */
  readonly #messages = new Set<Seq>()
  #last: Buffer = Buffer.alloc(0)
  #read: Told = { name: 'other' }

  read(packet: Buffer): Told {
    if (packet.equals(this.#last)) return this.#read
    this.#last = Buffer.from(packet)
    this.#read = told(packet.toString())
    if (this.#read.name === 'batch') this.note(this.#read.entries)
    return this.#read
  }

  /** Remembers which entries are messages. */
  note(entries: readonly Place[]): void {
    for (const { seq, marked } of entries) if (marked !== null) this.#messages.add(seq)
  }

  /** Entries for one of a group came now. */
  delivered(entries: readonly Place[], group: string, at: number): void {
    for (const { marked } of entries) {
      if (marked === null) continue
      this.#add(`${marked.phase} ${group}`, at - marked.sentAt)
    }
  }

  /** A step on the way in took so long. */
  step(name: string, ms: number): void {
    this.#add(`step ${name}`, ms)
  }

  /** How many messages stand in `(after, through]`, as far as anybody here was told. */
  messagesIn(after: Seq, through: Seq): number {
    let count = 0
    for (const seq of this.#messages) if (seq > after && seq <= through) count++
    return count
  }

  /** By `<phase> <group>`, and by `step <name>`. */
  get latencies(): Record<string, LatencyCounts> {
    return Object.fromEntries([...this.#latencies].map(([key, { counts }]) => [key, counts]))
  }

  #add(key: string, ms: number): void {
    let latencies = this.#latencies.get(key)
    if (latencies === undefined) this.#latencies.set(key, (latencies = new Latencies()))
    latencies.add(ms)
  }
}

export function placesOf(entries: readonly Entry[]): Place[] {
  return entries.map((entry) => ({ seq: entry.seq, marked: markOf(entry) }))
}

function told(text: string): Told {
  const [name, body] = JSON.parse(text) as [string, unknown]
  if (name === 'batch') {
    const { after, through, entries } = body as Batch
    return { name, after, through, entries: placesOf(entries) }
  }
  if (name === 'view') return { name, cursor: (body as ViewReset).cursor }
  if (name === 'goodbye') return { name, ...(body as { within: number; reason: string }) }
  if (name === 'presence') return { name, total: (body as Presence).total }
  return { name: 'other' }
}

function markOf({ type, body }: Entry): Marked | null {
  if (type !== 'post' || typeof body !== 'object' || body === null || !('text' in body)) return null
  const [mark, phase, sentAt] = String(body.text).split(' ')
  return mark === MARK && phase !== undefined ? { phase, sentAt: Number(sentAt) } : null
}
