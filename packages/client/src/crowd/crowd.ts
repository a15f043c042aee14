import { chat, LIMITS, PlenaryError, type Seq } from '@plenary/kinds'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { arrive } from './arrive.ts'
import { attend, listen, Marker, type Talker } from './attendee.ts'
import { Ledger, type Counts } from './measure.ts'

export interface CrowdOptions {
  url: string
  code: string
  people: number
  seconds: number
  /** Messages a second, all attendees together. */
  rate: number
  progress(line: string): void
  /** Stop early, with what there is. */
  signal: AbortSignal
  /** Done while they talk, who go on until it is over. What it throws ends the run. */
  meanwhile?(): Promise<void>
  /** Told of each acknowledgement: when it was asked for and when it came, on the clock of `performance.now()`. */
  answered?(sentAt: number, at: number): void
  /** Longest wait at the end until everybody has everything; half a minute without it. */
  settleMs?: number
}

/** What became of it all; times in milliseconds, null without a sample. */
export interface CrowdReport extends Counts {
  people: number
  resets: number
  ackP50Ms: number | null
  ackP99Ms: number | null
  deliveryP50Ms: number | null
  deliveryP99Ms: number | null
}

const SETTLE_MS = 30_000

/** Lets so many people come in and talk, waits until everybody has everything, and says what became of it. Throws `PlenaryError` when someone cannot come in. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdReport> {
  const { url, code, people, progress, signal, settleMs = SETTLE_MS } = options
  const ledger = new Ledger()
  const marker = new Marker(randomBytes(4).toString('hex'))
  const attendees: Talker[] = []
  let resets = 0
  try {
    await arrive(people, signal, async (number, stop) => {
      const attendee = await attend(chat, { url, code, name: `Person ${number}`, signal: stop })
      attendees.push(attendee)
      listen(attendee, ledger, marker)
      attendee.room.onReset(() => resets++)
      if (attendees.length % 50 === 0 || attendees.length === people)
        progress(`${attendees.length} of ${people} are in`)
    })
    const start = attendees[0]?.room.snapshot.seq ?? 0
    await talk(options, attendees, ledger, marker)
    progress('waiting until everybody has everything')
    const until = performance.now() + settleMs
    while (!ledger.settled && performance.now() < until) await sleep(50)
    const log = signal.aborted ? null : await history(attendees[0], start, marker)
    const counts = ledger.counts(log)
    return {
      people: attendees.length,
      ...counts,
      resets,
      ackP50Ms: ledger.acknowledgement.quantile(0.5),
      ackP99Ms: ledger.acknowledgement.quantile(0.99),
      deliveryP50Ms: ledger.delivery.quantile(0.5),
      deliveryP99Ms: ledger.delivery.quantile(0.99),
    }
  } finally {
    for (const { session } of attendees) session.close()
  }
}

async function talk(options: CrowdOptions, attendees: Talker[], ledger: Ledger, marker: Marker): Promise<void> {
  const { seconds, rate, progress, signal, meanwhile, answered } = options
  const beside = { goesOn: meanwhile !== undefined }
  const done = meanwhile?.().finally(() => (beside.goesOn = false))
  // Awaited at the end, and not unhandled until then.
  done?.catch(() => undefined)
  const start = performance.now()
  const total = Math.max(1, Math.round(seconds * rate))
  let second = 0
  for (let message = 0; (message < total || beside.goesOn) && !signal.aborted; message++) {
    const wait = start + (message / rate) * 1000 - performance.now()
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined)
    const speaker = attendees[message % attendees.length]
    if (speaker === undefined || signal.aborted) break
    say(speaker, ledger, marker, answered)
    if (performance.now() - start >= (second + 5) * 1000) {
      second += 5
      progress(`${second} s: ${message + 1} sent, ${ledger.acknowledgement.total} acknowledged`)
    }
  }
  await done
}

function say({ room }: Talker, ledger: Ledger, marker: Marker, answered: CrowdOptions['answered']): void {
  const sentAt = performance.now()
  const message = ledger.send(sentAt)
  room.send('post', { text: marker.text(message) }).then(
    () => {
      const at = performance.now()
      ledger.acknowledged(message, at)
      answered?.(sentAt, at)
    },
    (error: unknown) => {
      // One that was put off for good when the run ends is neither saved nor refused.
      if (!(error instanceof PlenaryError) || !error.temporary) ledger.refused(message)
    },
  )
}

/** The places of this run's messages in the room's own log; null when it cannot be read. */
async function history(reader: Talker | undefined, start: Seq, marker: Marker): Promise<Map<number, Seq[]> | null> {
  if (reader === undefined) return null
  const places = new Map<number, Set<Seq>>()
  for (let after = start, more = true; more;) {
    const page = await reader.session.entries(reader.room.id, { after, limit: LIMITS.historyPage })
    for (const entry of page.entries) {
      const message = marker.read(entry)
      if (message !== null) places.set(message, (places.get(message) ?? new Set()).add(entry.seq))
    }
    more = page.more && page.through > after
    after = page.through
  }
  return new Map([...places].map(([message, seqs]) => [message, [...seqs]]))
}
