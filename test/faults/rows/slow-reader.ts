import { setTimeout as wait } from 'node:timers/promises'
import { LIMITS, type chat } from '@plenary/kinds'
import { CHAT_LIMITS } from '../../../packages/kinds/src/chat/model.ts'
import { createClient, memoryStorage, type Room } from '../../../packages/client/src/index.ts'
import { Book, machineMs, markedText } from '../light/book.ts'
import { LightClient } from '../light/client.ts'
import { LightCrowd } from '../light/crowd.ts'
import { Latencies, median } from '../light/latencies.ts'
import { failed, LightPlatform } from '../light/platform.ts'
import { enterChat } from '../speaker.ts'
import { metricsOf } from '../metrics.ts'
import type { Row, RowContext, RowResult } from '../row.ts'
import { SoloServer } from '../solo-server.ts'

const PEOPLE = 1_000
/** As many as a difference of a few per cent between two medians of a tail takes. */
const ROUNDS = 24
const ROUNDS_QUICK = 6
const PHASE_MS = 3_000
/** Between phases, so that nothing of one is counted in the other. */
const REST_MS = 500
const MESSAGES_PER_SECOND = 25
/** The longest message that a chat takes, in the widest letters: a few of them make a view that is worth something. */
const LONG = '🐌'.repeat(CHAT_LIMITS.textChars / 2 - 50)
const LONG_AT_ONCE = 30
/** Views are asked for so often, until what the machine's network holds for one reader is full, and the server's queue as well. */
const VIEWS = 25
const VIEW_EVERY_MS = 1_000 / LIMITS.commandsPerSecond
const LOOK_MS = 100
const CAUGHT_UP_MS_MAX = 10_000
const P99_GROWTH_MAX = 1.1

/** A room of a thousand in which one stops reading, and reads again, while the others' delivery is measured with and without. */
export const slowReader: Row = {
  name: 'slow-reader',
  title: 'a reader that stops reading, among 1,000',
  bar: 'its queue ≤ 1 MiB, then conflated; the others’ p99 +< 10 %',
  // A share of a latency is for a quiet machine.
  quick: false,
  async run({ quick, signal, progress }: RowContext): Promise<RowResult> {
    await using server = await SoloServer.start()
    await using crowd = new LightCrowd(1)
    const { url } = server
    const { event } = await createClient({ url, storage: memoryStorage() }).createEvent({ title: 'A slow reader' })
    using speaking = await enterChat(url, event.code, 'Speaker')
    using writing = await enterChat(url, event.code, 'Writer')
    const [room, writer] = [speaking.room, writing.room]
    await crowd.enter(url, event.code, PEOPLE - 1)
    progress(`${PEOPLE} are in`)

    const rest = () => wait(REST_MS, undefined, { signal })
    const talk = async (phase: string) => {
      await rest()
      await crowd.reaches(room.snapshot.seq, CAUGHT_UP_MS_MAX)
      await say(room, phase, PHASE_MS, signal)
      await crowd.reaches(room.snapshot.seq, CAUGHT_UP_MS_MAX)
    }
    await talk('warm')
    const rounds = quick ? ROUNDS_QUICK : ROUNDS
    let waitingMax = 0
    let stalled = true
    let missing = 0
    // The same is asked for in both, so that only whether it is read makes the difference.
    const once = async (phase: 'with' | 'without', round: number) => {
      // A new one each time: what the machine's network holds for a connection grows while it is read.
      using reader = await Reader.enter(url, event.code)
      const watch = new Watch(url)
      await sayLong(writer)
      if (phase === 'with') reader.stop()
      await reader.askForViews()
      await sayLong(writer)
      await talk(`${phase}-${round}`)
      const waiting = await watch.end()
      if (phase === 'with') {
        waitingMax = Math.max(waitingMax, waiting)
        stalled &&= reader.behind(room.snapshot.seq)
        progress(`round ${round + 1} of ${rounds}: most waiting ${waitingMax} bytes`)
      }
      await reader.readAgain(room.snapshot.seq)
      missing += Math.abs(reader.client.missing)
    }
    // Now one first and now the other, so that what the machine does meanwhile falls on both alike.
    for (let round = 0; round < rounds; round++) {
      const phases = ['without', 'with'] as const
      for (const phase of round % 2 === 0 ? phases : phases.toReversed()) await once(phase, round)
    }

    const report = await crowd.report()
    const metric = await metricsOf(url)
    const p99 = (phase: string) => {
      const latencies = new Latencies()
      latencies.merge(report.latencies[`${phase} all`] ?? {})
      return latencies.quantileMs(0.99)
    }
    const [without, beside] = ['without', 'with'].map((kind) =>
      median(Array.from({ length: rounds }, (_, round) => p99(`${kind}-${round}`))),
    ) as [number, number]
    const growth = beside / without
    const conflated = metric('plenary_conflated_total')
    const failures: [boolean, string][] = [
      [stalled && conflated >= rounds, `The reader was not conflated each time (${conflated} of ${rounds}).`],
      [waitingMax > 0 && waitingMax <= LIMITS.socketConflateBytes, `${waitingMax} bytes waited for it.`],
      [growth < P99_GROWTH_MAX, `The others' p99 grew by ${percent(growth)} %.`],
      [report.missing + missing === 0, 'Somebody was not told everything.'],
      [metric('plenary_slow_closed_total') === 0 && report.resumes === 0, 'A connection was closed.'],
    ]
    const wrong = failures.flatMap(([holds, text]) => (holds ? [] : [text]))
    return {
      figures: {
        people: PEOPLE,
        rounds,
        queueBytesMax: waitingMax,
        conflatedByView: metric('plenary_conflated_total', 'how="view"'),
        conflatedByEntries: metric('plenary_conflated_total', 'how="entries"'),
        p99WithoutMs: without,
        p99WithMs: beside,
        p99GrowthPercent: percent(growth),
      },
      pass: wrong.length === 0,
      failed: wrong,
    }
  },
}

const percent = (growth: number) => Math.round((growth - 1) * 1_000) / 10

async function sayLong(room: Room<typeof chat>): Promise<void> {
  const said = Array.from({ length: LONG_AT_ONCE }, () =>
    room.send('post', { text: markedText('long', machineMs(), LONG) }),
  )
  await Promise.all(said)
}

async function say(room: Room<typeof chat>, phase: string, ms: number, signal: AbortSignal): Promise<void> {
  const start = performance.now()
  const said: Promise<unknown>[] = []
  for (let message = 0; message < (ms / 1_000) * MESSAGES_PER_SECOND; message++) {
    const due = start + (message * 1_000) / MESSAGES_PER_SECOND - performance.now()
    if (due > 0) await wait(due, undefined, { signal })
    said.push(room.send('post', { text: markedText(phase, machineMs()) }))
  }
  await Promise.all(said)
}

/** The one that stops. */
class Reader implements Disposable {
  readonly client: LightClient
  readonly #platform: LightPlatform
  #stoppedAt = 0

  private constructor(client: LightClient, platform: LightPlatform) {
    this.client = client
    this.#platform = platform
  }

  static async enter(url: string, code: string): Promise<Reader> {
    const platform = new LightPlatform(url, '127.0.0.1')
    const answer = await platform.join(code, 'Slow reader')
    if (failed(answer)) throw new Error(answer.message)
    const { pass, event, ticket, gateway } = answer
    const client = new LightClient(platform, { pass, event: event.id, room: event.rooms[0]?.id ?? '' }, new Book())
    client.start({ ticket, gateway })
    const reader = new Reader(client, platform)
    await reader.#until(() => client.live)
    return reader
  }

  stop(): void {
    this.#stoppedAt = this.client.cursor?.seq ?? 0
    this.client.stall()
  }

  /** So much that the machine's network cannot hold the answers for one who does not read them. */
  async askForViews(): Promise<void> {
    for (let asked = 0; asked < VIEWS; asked++) {
      // One after the other: a room that is being joined is not joined again.
      this.client.askForView()
      await wait(VIEW_EVERY_MS)
    }
  }

  /** Whether it stands where it stopped, and the room does not. */
  behind(head: number): boolean {
    return this.client.cursor?.seq === this.#stoppedAt && head > this.#stoppedAt
  }

  /** Resolves once it is up to date. */
  async readAgain(head: number): Promise<void> {
    this.client.read()
    await this.#until(() => (this.client.cursor?.seq ?? 0) >= head)
  }

  [Symbol.dispose](): void {
    this.client.close()
    this.#platform.close()
  }

  async #until(holds: () => boolean): Promise<void> {
    const until = performance.now() + CAUGHT_UP_MS_MAX
    while (!holds()) {
      if (performance.now() > until) throw new Error('The slow reader was not brought up to date.')
      await wait(LOOK_MS)
    }
  }
}

/** Looks how much waits for sockets, the most of it being the slow one's. */
class Watch {
  readonly #url: string
  readonly #watching: Promise<number>
  #over = false

  constructor(url: string) {
    this.#url = url
    this.#watching = this.#watch()
  }

  async end(): Promise<number> {
    this.#over = true
    return await this.#watching
  }

  async #watch(): Promise<number> {
    let most = 0
    while (!this.#over) {
      most = Math.max(most, (await metricsOf(this.#url))('plenary_waiting_bytes_max'))
      await wait(LOOK_MS)
    }
    return most
  }
}
