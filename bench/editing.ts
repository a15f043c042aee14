import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RoomId } from '@plenary/kinds'
import { freePort } from '../scripts/engines/ports.ts'
import { startProcess } from '../scripts/engines/process.ts'
import type { BenchContext, Benchmark } from './benchmark.ts'
import { editors } from './editors.ts'
import { fillRoom } from './filled-log.ts'
import { Person } from './person.ts'
import { inTurn, median } from './rounds.ts'
import { Stage } from './stage.ts'

const here = (file: string) => join(import.meta.dirname, file)
const MAIN = here('../packages/server/src/main.ts')
const CROWD = here('../packages/client/src/crowd/main.ts')
const PEOPLE = 50
const A_SECOND = 5
const SECONDS = 20
const ROUNDS = 3
/** What these fifty write in half an hour, and in no time. */
const LONG = 500_000
const SHORT = 2_000

const ACK_MS_MAX = 250
const JOIN_MS_MAX = 500
/** Of a room with a long log over that with a short one. */
const TIMES_MAX = 1.5

interface Crowd {
  ackP50Ms: number
  ackP99Ms: number
  joinP99Ms: number
  acknowledged: number
}

/** Whether many can write one long document, and whether it becomes slower with what was ever written in it. */
export const editing: Benchmark = {
  name: 'editing',
  what: `acknowledgement, p99, in a document of a megabyte that ${PEOPLE} write ${A_SECOND} times a second each`,
  bar: `≤ ${ACK_MS_MAX} ms; join meanwhile ≤ ${JOIN_MS_MAX} ms; join after a start with ${LONG.toLocaleString('en')} updates in its log ≤ ${TIMES_MAX} × that with ${SHORT.toLocaleString('en')}, as is its state`,
  unit: 'ms',
  better: 'less',
  quick: false,
  async run(context) {
    const rounds: Crowd[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      const crowd = await write(context)
      context.progress(
        `round ${round} of ${ROUNDS}: acknowledgement p99 ${crowd.ackP99Ms}, join p99 ${crowd.joinP99Ms}`,
      )
      rounds.push(crowd)
    }
    const of = (figure: keyof Crowd) => median(rounds.map((each) => each[figure]))
    await using stage = new Stage(context)
    const folder = await stage.folder()
    const rooms = { long: 'long' as RoomId, short: 'short' as RoomId }
    const state = {
      short: await fillRoom(folder, rooms.short, SHORT, editors(PEOPLE)),
      long: await fillRoom(folder, rooms.long, LONG, editors(PEOPLE)),
    }
    context.progress(
      `${LONG.toLocaleString('en')} updates are on disk; the state has ${state.long} characters, that of ${SHORT.toLocaleString('en')} has ${state.short}`,
    )
    const after = (room: RoomId) => async () => {
      await using one = new Stage(context)
      await using person = await Person.connect(await one.plenary(folder))
      return await person.join(room)
    }
    const joined = await inTurn(ROUNDS, { long: after(rooms.long), short: after(rooms.short) }, context.progress)
    return {
      sides: [
        { name: 'acknowledgement, p99', value: of('ackP99Ms') },
        { name: 'p50', value: of('ackP50Ms') },
        { name: 'join meanwhile, p99', value: of('joinP99Ms') },
        { name: 'join after a start', value: joined.long },
      ],
      held: [
        { name: 'ms until acknowledged', value: of('ackP99Ms'), atMost: ACK_MS_MAX, ratio: false },
        { name: 'ms to join meanwhile', value: of('joinP99Ms'), atMost: JOIN_MS_MAX, ratio: false },
        { name: 'ms to join after a start', value: joined.long, atMost: JOIN_MS_MAX, ratio: false },
        { name: 'times the short log, join', value: joined.long / joined.short, atMost: TIMES_MAX, ratio: true },
        { name: 'times the short log, state', value: state.long / state.short, atMost: TIMES_MAX, ratio: true },
      ],
      rounds: ROUNDS,
      figures: { people: PEOPLE, perSecond: PEOPLE * A_SECOND, updates: LONG, stateChars: state.long },
    }
  },
}

/** A server and a crowd, for as long as they write. Throws when anything was refused or is not the same for all. */
async function write(context: BenchContext): Promise<Crowd> {
  await using stage = new Stage(context)
  const folder = await stage.folder()
  const port = await freePort()
  await using _ = await startProcess({
    name: 'server',
    command: process.execPath,
    args: [MAIN],
    folder,
    env: { PORT: String(port), HOST: '127.0.0.1', PLENARY_DATA: folder, LOG_LEVEL: 'warn' },
    ready: async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok,
  })
  const given = {
    url: `http://127.0.0.1:${port}`,
    kind: 'document',
    people: PEOPLE,
    rate: PEOPLE * A_SECOND,
    seconds: SECONDS,
  }
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { stdout } = await promisify(execFile)(process.execPath, [CROWD, ...args, '--json'], { signal: context.signal })
  const crowd = JSON.parse(stdout) as Crowd & { joins: number }
  if (crowd.joins === 0) throw new Error('Nobody came in while they wrote.')
  return crowd
}
