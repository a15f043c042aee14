import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import type { OwnerCalls, OwnerSettings } from './peers/owner-process.ts'
import { Child } from './process/child.ts'
import { inTurn } from './rounds.ts'
import { Stage } from './stage.ts'

const PROCESS = join(import.meta.dirname, 'peers/owner-process.ts')
const COMMANDS = 100_000
const QUICK_COMMANDS = 30_000
const MANY_ROOMS = 1_000
/** What the limits let wait in one room is more. */
const WAITING = 2_000
const ROUNDS = 5

const PER_SECOND_MIN = 50_000

/** How many commands one owner carries out, each durable before it is answered. */
export const owner: Benchmark = {
  name: 'owner',
  what: `commands decided, logged in SQLite and released by one owner, ${WAITING} waiting at a time, in 1 room and in ${MANY_ROOMS}`,
  bar: `≥ ${PER_SECOND_MIN.toLocaleString('en')}/s in each`,
  unit: 'per second',
  better: 'more',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const { profiles, signal } = context
    if (profiles !== null) await mkdir(profiles, { recursive: true })
    const settings: OwnerSettings = { folder: await stage.folder(), profiles }
    const running = stage.use(await Child.start<OwnerCalls>(PROCESS, { settings, signal }))
    const commands = context.quick ? QUICK_COMMANDS : COMMANDS
    const say = (rooms: number) => () => running.call('say', { commands, rooms, waiting: WAITING })
    const sides = { one: say(1), many: say(MANY_ROOMS) }
    await inTurn(1, sides, () => undefined)
    const { one, many } = await inTurn(ROUNDS, sides, context.progress)
    return {
      sides: [{ name: '1 room', value: one }],
      held: [
        { name: 'per second in 1 room', value: one, atLeast: PER_SECOND_MIN, ratio: false },
        { name: `per second in ${MANY_ROOMS} rooms`, value: many, atLeast: PER_SECOND_MIN, ratio: false },
      ],
      rounds: ROUNDS,
      figures: { commands, askedAgain: await running.call('askedAgain') },
    }
  },
}
