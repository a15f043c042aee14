import { answerCalls } from '../process/calls.ts'
import { usage } from '../process/usage.ts'
import { bare } from './bare.ts'
import { Crowd, type CrowdOptions } from './crowd.ts'
import type { Deliveries } from './deliveries.ts'
import { ROOM, type Dialect } from './dialect.ts'
import { OfferedLoad, type Offer, type Offered } from './offered.ts'
import { OneByOne } from './one-by-one.ts'
import { plenary } from './plenary.ts'
import { ReturningCrowd, type Returned, type ReturningOptions } from './returning.ts'
import { socketio, socketioAtOnce } from './socketio.ts'

const DIALECTS = { plenary, socketio, socketioAtOnce, bare } satisfies Record<string, (room: string) => Dialect>
export type DialectName = keyof typeof DIALECTS

/** A crowd of this process, and who listens to what it is told just now. */
interface Gathered {
  crowd: Crowd
  dialect: Dialect
  listener: Deliveries | null
  /** The number of the next entry. */
  next: number
}

const returning = new ReturningCrowd()
const gathered = new Map<string, Gathered>()

function of(name: string): Gathered {
  const found = gathered.get(name)
  if (found === undefined) throw new Error(`There is no crowd ${name}.`)
  if (found.crowd.lost > 0) throw new Error(`${found.crowd.lost} sockets of ${name} were ended by the server.`)
  return found
}

const calls = {
  /** Opens sockets under a name. Resolves with how long that took, in milliseconds. */
  async open(options: CrowdOptions & { name: string; dialect: DialectName; room?: string }): Promise<number> {
    const { name } = options
    const dialect = DIALECTS[options.dialect](options.room ?? ROOM)
    const began = performance.now()
    let here = gathered.get(name)
    if (here === undefined) {
      const crowd = new Crowd(dialect, {
        delivered: (after, through) => gathered.get(name)?.listener?.delivered(after, through),
        acknowledged: (number, seq) => gathered.get(name)?.listener?.acknowledged(number, seq),
        refused: (why) => gathered.get(name)?.listener?.refused(why),
      })
      here = { crowd, dialect, listener: null, next: 1 }
      gathered.set(name, here)
    }
    await here.crowd.open(options)
    return performance.now() - began
  },

  async oneByOne({ name, entries }: { name: string; entries: number }): Promise<void> {
    const here = of(name)
    const run = new OneByOne(here.crowd.size, here.dialect.acknowledges)
    here.listener = run
    const from = here.next
    here.next += entries
    await run.run(here.crowd, from, entries)
    here.listener = null
  },

  async offer({ name, ...offer }: Offer & { name: string }): Promise<Offered> {
    const here = of(name)
    const run = new OfferedLoad(here.crowd.size, here.next)
    here.listener = run
    here.next += Math.ceil((offer.perSecond * offer.forMs) / 1_000) + 1
    const offered = await run.run(here.crowd, offer)
    here.listener = null
    return offered
  },

  /** Opens sockets that come back by themselves. Resolves once all are in the room. */
  async gather(options: ReturningOptions): Promise<void> {
    await returning.open(options)
  },

  sendTo(port: number): void {
    returning.sendTo(port)
  },

  returned: (waitMs: number): Promise<Returned> => returning.returned(waitMs),

  drop({ name }: { name: string }): void {
    gathered.get(name)?.crowd.drop()
    gathered.delete(name)
  },

  usage,
}

export type LoadCalls = typeof calls
answerCalls(calls)
