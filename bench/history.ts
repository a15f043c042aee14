import type { RoomId } from '@plenary/kinds'
import type { Benchmark } from './benchmark.ts'
import { fillRoom } from './filled-log.ts'
import { Person } from './person.ts'
import { inTurn, median } from './rounds.ts'
import { Stage, type PlenaryServer } from './stage.ts'

const LONG = 1_000_000
const SHORT = 1_000
const ROUNDS = 5
const PAGES = 40
const RESUMES = 15
/** So many entries were missed by who comes back. */
const MISSED = 100

const TIMES_MAX = 1.5

interface Room {
  id: RoomId
  entries: number
}

/** Whether a room becomes slower with what was said in it. */
export const history: Benchmark = {
  name: 'history',
  what: `join after a start, resume with ${MISSED} missed, and a page at a random place, in a room of ${LONG.toLocaleString('en')} entries`,
  bar: `≤ ${TIMES_MAX} × the same in a room of ${SHORT.toLocaleString('en')}`,
  unit: 'ms',
  better: 'less',
  quick: false,
  async run(context) {
    await using stage = new Stage(context)
    const folder = await stage.folder()
    const rooms = { long: { id: 'long' as RoomId, entries: LONG }, short: { id: 'short' as RoomId, entries: SHORT } }
    for (const { id, entries } of Object.values(rooms)) {
      await fillRoom(folder, id, entries)
      context.progress(`${entries.toLocaleString('en')} entries are on disk`)
    }
    const join = await inTurn(
      ROUNDS,
      { long: joinAfterStart(context, folder, rooms.long), short: joinAfterStart(context, folder, rooms.short) },
      (line) => context.progress(`join, ${line}`),
    )
    const server = await stage.plenary(folder)
    await using people = await Person.connect(server)
    const resumed = await inTurn(
      ROUNDS,
      { long: resume(people, rooms.long), short: resume(people, rooms.short) },
      (line) => context.progress(`resume, ${line}`),
    )
    const page = await inTurn(
      ROUNDS,
      { long: pageOf(server, rooms.long), short: pageOf(server, rooms.short) },
      (line) => context.progress(`page, ${line}`),
    )
    return {
      sides: [
        { name: 'join', value: join.long },
        { name: 'join, short', value: join.short },
        { name: 'resume', value: resumed.long },
        { name: 'resume, short', value: resumed.short },
        { name: 'page', value: page.long },
        { name: 'page, short', value: page.short },
      ],
      held: [
        { name: 'times the short room, join', value: join.long / join.short, atMost: TIMES_MAX, ratio: true },
        { name: 'times the short room, resume', value: resumed.long / resumed.short, atMost: TIMES_MAX, ratio: true },
        { name: 'times the short room, page', value: page.long / page.short, atMost: TIMES_MAX, ratio: true },
      ],
      rounds: ROUNDS,
      figures: { entries: LONG, pages: PAGES, resumes: RESUMES },
    }
  },
}

/** The first to join reads the room from disk. */
function joinAfterStart(context: ConstructorParameters<typeof Stage>[0], folder: string, room: Room) {
  return async () => {
    await using stage = new Stage(context)
    await using person = await Person.connect(await stage.plenary(folder))
    return await person.join(room.id)
  }
}

function pageOf(server: PlenaryServer, { id, entries }: Room) {
  return async () => {
    const took: number[] = []
    for (let turn = 0; turn < PAGES; turn++) {
      // Evenly over the room: nobody looks at the same page twice.
      const before = 60 + Math.floor(((turn + Math.random()) / PAGES) * (entries - 60))
      took.push(await server.historyMs({ room: id, before }))
    }
    return median(took)
  }
}

function resume(person: Person, { id, entries }: Room) {
  return async () => median(await person.resume(id, { reaches: entries, missed: MISSED, times: RESUMES }))
}
