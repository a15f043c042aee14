import { fileURLToPath } from 'node:url'
import type { Role, RoomId } from '@plenary/kinds'
import { spell, type Canary, type Eyes } from '../../hostile/canaries/canary.ts'
import { Sightings, Watcher } from '../../hostile/canaries/watcher.ts'
import { ROOMS } from '../../hostile/canaries/hall-server.ts'
import { startServerProcess } from '../../hostile/server-process.ts'
import { Place, type TestEvent } from '../../hostile/stage.ts'
import type { Row } from '../row.ts'

const SIZE = { events: 20, canaries: 1_000 }
/** Five rooms each. */
const SIZE_QUICK = { events: 4, canaries: 100 }
/** The last part of what is said in a room, when some have left it or lost it. */
const AFTER_SHARE = 0.25
/** And so much is for some alone: posts of three people that wait for approval, and what is for staff or one person. */
const SOME_SHARE = 0.1
/** Posts of one person that a chat lets wait. */
const HELD_MAX = 20

/** Strings that nobody else may see, said everywhere in every way, and every byte that anybody gets searched for them. */
export const canaries: Row = {
  name: 'canaries',
  title: '100 rooms × 1,000 canaries',
  bar: '0 leaks',
  quick: true,
  async run(context) {
    const size = context.quick ? SIZE_QUICK : SIZE
    const began = performance.now()
    await using server = await startServerProcess(
      fileURLToPath(new URL('../../hostile/canaries/hall-server.ts', import.meta.url)),
    )
    const place = new Place(server.url)
    const sightings = new Sightings()
    const halls = await Promise.all(
      Array.from({ length: size.events }, (_, at) => Hall.open(place, at, size.canaries, sightings)),
    )
    const part = async (what: string, act: (hall: Hall) => Promise<void>) => {
      context.signal.throwIfAborted()
      await Promise.all(halls.map(act))
      context.progress(
        `${what}: ${sightings.seen.size} seen, ${sightings.leaks.length} leaked, ${Math.round(sightings.bytes / 1e6)} MB read`,
      )
    }
    try {
      await part('said to all', (hall) => hall.sayToAll())
      await part('held, told and muted', (hall) => hall.sayToSome())
      await part('come back', (hall) => hall.comeBack())
      await part('gone', (hall) => hall.someGo())
      await part('said to those who are left', (hall) => hall.sayAfter())
      await part('come late', (hall) => hall.someComeLate())
      await part('tried elsewhere', (hall) => hall.tryElsewhere(halls[(hall.event + 1) % halls.length] ?? hall))
      await lookAtOpenDoors(place, sightings)
    } finally {
      for (const hall of halls) hall[Symbol.dispose]()
    }
    const said = halls.flatMap((hall) => [...hall.said])
    const unseen = said.filter((each) => !sightings.seen.has(each))
    const failed = [...new Set(sightings.leaks)].slice(0, 20)
    // What nobody saw at all could not have been found leaking either.
    if (unseen.length > 0)
      failed.push(`${unseen.length} canaries were never seen by those they are for, such as ${unseen[0]}`)
    if (server.complaints.length > 0) failed.push(`the server complained: ${server.complaints[0]}`)
    const problems = halls.flatMap(({ problems: each }) => each)
    failed.push(...problems.slice(0, 10))
    return {
      figures: {
        rooms: halls.length * ROOMS.length,
        canaries: said.length,
        seenByTheirOwn: said.length - unseen.length,
        leaks: sightings.leaks.length,
        connections: halls.reduce((sum, { size: each }) => sum + each, 0),
        megabytesRead: Math.round(sightings.bytes / 1e6),
        seconds: Math.round((performance.now() - began) / 1000),
      },
      pass: failed.length === 0,
      failed,
    }
  },
}

/** Where anybody may look: not one canary. */
async function lookAtOpenDoors(place: Place, sightings: Sightings): Promise<void> {
  for (const path of [
    '/metrics',
    '/api/cluster',
    '/api/config',
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/api/assign',
    '/',
  ]) {
    sightings.look((await place.ask('GET', path)).text, null, path)
  }
}

interface Attendee {
  person: number
  role: Role
  ticket: string
  /** Two connections of the same person. */
  watchers: readonly [Watcher, Watcher]
}

/** One event with its rooms and the people in it. */
class Hall implements Disposable {
  readonly event: number
  readonly said = new Set<string>()
  readonly problems: string[] = []
  readonly #place: Place
  readonly #made: TestEvent
  readonly #sightings: Sightings
  readonly #each: number
  #people: Attendee[] = []
  #late: Watcher[] = []
  #number = 0

  private constructor(place: Place, event: number, made: TestEvent, each: number, sightings: Sightings) {
    this.event = event
    this.#place = place
    this.#made = made
    this.#each = each
    this.#sightings = sightings
  }

  /** Everybody in, in all rooms. Persons 0 and 1 are staff, 2 to 4 stay, 5 leaves, 6 is banned from the event, 7 from the rooms. */
  static async open(place: Place, event: number, each: number, sightings: Sightings): Promise<Hall> {
    const hall = new Hall(place, event, await place.createEvent(`Event ${event}`), each, sightings)
    const roles: Role[] = [
      'moderator',
      'producer',
      'speaker',
      'attendee',
      'attendee',
      'attendee',
      'attendee',
      'attendee',
    ]
    for (const [person, role] of roles.entries()) hall.#people.push(await hall.#enter(person, role, false))
    return hall
  }

  get size(): number {
    return this.#people.length * 2 + this.#late.length
  }

  [Symbol.dispose](): void {
    for (const watcher of [...this.#people.flatMap(({ watchers }) => watchers), ...this.#late])
      watcher[Symbol.dispose]()
  }

  async sayToAll(): Promise<void> {
    const rest = Math.round(this.#each * (1 - AFTER_SHARE)) - this.#someEach * 4
    const talkers = [2, 3, 4, 5, 6, 7, 0].flatMap((person) => this.#person(person).watchers)
    await this.#inTurn(
      talkers,
      this.#tasks(rest, (at) => (at % 6 === 5 ? 'taken-back' : 'all')),
      async (watcher, { room, eyes, at }) => {
        const chat = this.#isChat(room)
        const sees: Eyes = chat ? eyes : 'all'
        const { seq } = await this.#say(watcher, room, sees, chat ? 'post' : 'say', (text) =>
          chat ? { text } : { word: text },
        )
        if (sees === 'taken-back') await watcher.send(room, 'delete', { target: seq })
        if (at % 10 === 0) await watcher.ask('leave', { room: 'nowhere' })
      },
    )
  }

  /** For each of three people, and as many for staff alone. */
  get #someEach(): number {
    return Math.min(HELD_MAX, Math.round((this.#each * SOME_SHARE) / 4))
  }

  async sayToSome(): Promise<void> {
    const staff = this.#person(0).watchers
    const each = async (room: RoomId) => {
      const chat = this.#isChat(room)
      const [mod, other] = staff
      if (chat) await mod.send(room, 'hold', { on: true })
      for (const person of [2, 3, 4]) {
        const [author] = this.#person(person).watchers
        for (let at = 0; at < this.#someEach; at++) {
          if (!chat) {
            await this.#say(
              author,
              room,
              'told',
              'whisper',
              (word) => ({ word, to: this.#user(person + 1 > 4 ? 2 : person + 1) }),
              person + 1 > 4 ? 2 : person + 1,
            )
            continue
          }
          const { seq } = await this.#say(author, room, 'held', 'post', (text) => ({ text }), person)
          // The one before the last is the post itself.
          if (at % 2 === 0) await mod.send(room, 'reject', { target: seq - 1 })
        }
      }
      for (let at = 0; at < this.#someEach; at++) {
        if (!chat) await this.#say(other, room, 'staff', 'note', (word) => ({ word }))
        else
          await this.#say(other, room, 'staff', at % 2 === 0 ? 'mute' : 'ban', (name) => ({
            user: `nobody-${at}`,
            name,
            on: true,
          }))
      }
      if (chat) await mod.send(room, 'hold', { on: false })
    }
    await Promise.all(this.#made.rooms.map(each))
  }

  /** Everybody drops their connection and goes on from where they were. */
  async comeBack(): Promise<void> {
    for (const watcher of this.#people.flatMap(({ watchers }) => watchers)) await this.#arrive(watcher)
  }

  async someGo(): Promise<void> {
    const [leaver, banned, barred] = [this.#person(5), this.#person(6), this.#person(7)]
    for (const room of this.#made.rooms) {
      for (const watcher of leaver.watchers) await watcher.ask('leave', { room })
      const [mod] = this.#person(0).watchers
      const user = this.#user(7)
      await mod.send(
        room,
        this.#isChat(room) ? 'ban' : 'bar',
        this.#isChat(room) ? { user, name: 'Barred', on: true } : { user },
      )
    }
    const path = `/api/events/${this.#made.id}/people/${this.#user(6)}`
    const { status, text } = await this.#place.ask('PUT', path, {
      bearer: this.#made.pass,
      body: { name: 'Banned', banned: true },
    })
    if (status !== 200) this.problems.push(`nobody was banned: ${text}`)
    for (const { watchers } of [leaver, banned, barred]) for (const { who } of watchers) who.lost = true
  }

  async sayAfter(): Promise<void> {
    const talkers = [2, 3, 4, 0].flatMap((person) => this.#person(person).watchers)
    const count = Math.round(this.#each * AFTER_SHARE)
    await this.#inTurn(
      talkers,
      this.#tasks(count, () => 'after'),
      async (watcher, { room }) => {
        const chat = this.#isChat(room)
        await this.#say(watcher, room, 'after', chat ? 'post' : 'say', (text) => (chat ? { text } : { word: text }))
      },
    )
    // Those who have lost the rooms try to have them back.
    for (const person of [6, 7]) {
      const { watchers, ticket } = this.#person(person)
      for (const watcher of watchers) {
        const inside = await watcher.connect()
        if (person === 6 && inside) this.problems.push('one who was banned came in again')
        for (const room of inside ? this.#made.rooms : []) {
          if ((await watcher.join(room)) !== 'forbidden') this.problems.push('one who was banned from a room joined it')
        }
      }
      for (const room of this.#made.rooms) await this.#readHistory(room, ticket, watchers[0], [401, 403])
    }
  }

  async someComeLate(): Promise<void> {
    for (const role of ['attendee', 'moderator'] as const) {
      const { watchers, ticket } = await this.#enter(this.#people.length + this.#late.length, role, true)
      this.#late.push(...watchers)
      for (const room of this.#made.rooms) await this.#readHistory(room, ticket, watchers[0], [200])
    }
    for (const person of [0, 2, 3]) {
      const { ticket, watchers } = this.#person(person)
      for (const room of this.#made.rooms) await this.#readHistory(room, ticket, watchers[0], [200])
    }
  }

  /** Everything that one who belongs here can try on the rooms of another event. */
  async tryElsewhere(other: Hall): Promise<void> {
    if (other === this) return
    const { ticket, watchers } = this.#person(2)
    const [watcher] = watchers
    const answers = await watcher.knock(other.#made.rooms)
    if (answers.length !== other.#made.rooms.length || answers.some((code) => code !== 'forbidden'))
      this.problems.push(`foreign rooms were asked for with the handshake, and answered ${JSON.stringify(answers)}`)
    for (const room of other.#made.rooms) {
      for (const cursor of [undefined, { log: 'x', seq: 0 }, { log: 'x', seq: 5 }]) {
        const answer = await watcher.ask('join', cursor === undefined ? { room } : { room, cursor })
        if ((answer as { code?: string }).code !== 'forbidden' && (answer as { code?: string }).code !== 'rate_limited')
          this.problems.push(`a foreign room answered ${JSON.stringify(answer)}`)
      }
      await watcher.ask('send', { room, id: crypto.randomUUID(), type: 'post', body: { text: 'x' } })
      await this.#readHistory(room, ticket, watcher, [403])
    }
    const { pass } = this.#made
    for (const path of [`/api/events/${other.#made.id}`, `/api/events/${other.#made.id}/people`, '/api/events']) {
      const { text } = await this.#place.ask('GET', path, { bearer: pass })
      this.#sightings.look(text, watcher.who, path)
    }
  }

  #person(person: number): Attendee {
    const found = this.#people[person]
    if (found === undefined) throw new Error(`There is no person ${person}.`)
    return found
  }

  readonly #users = new Map<number, string>()

  #user(person: number): string {
    return this.#users.get(person) ?? ''
  }

  #isChat(room: RoomId): boolean {
    return room !== this.#made.rooms.at(-1)
  }

  async #enter(person: number, role: Role, late: boolean): Promise<Attendee> {
    const name = spell({ event: this.event, room: 0, eyes: 'name', person, number: 0 })
    const guest = await this.#place.guest(this.#made, role, name)
    this.#users.set(person, guest.user)
    const watcher = () =>
      new Watcher(
        this.#place.url,
        guest.ticket,
        { event: this.event, person, role, late, lost: false },
        this.#sightings,
      )
    const watchers = [watcher(), watcher()] as const
    for (const each of watchers) await this.#arrive(each)
    return { person, role, ticket: guest.ticket, watchers }
  }

  async #arrive(watcher: Watcher): Promise<void> {
    if (!(await watcher.connect())) this.problems.push(`person ${watcher.who.person} did not come in`)
    for (const room of this.#made.rooms) {
      const code = await watcher.join(room)
      if (code !== null) this.problems.push(`person ${watcher.who.person} did not join: ${code}`)
    }
  }

  /** Says one canary by a command of the room's kind. */
  async #say(
    watcher: Watcher,
    room: RoomId,
    eyes: Eyes,
    type: string,
    body: (text: string) => unknown,
    person = 0,
  ): Promise<{ seq: number }> {
    const canary: Canary = {
      event: this.event,
      room: this.#made.rooms.indexOf(room),
      eyes,
      person,
      number: this.#number++,
    }
    this.said.add(spell(canary))
    return await watcher.send(room, type, body(spell(canary)))
  }

  #tasks(count: number, eyes: (at: number) => Eyes): { room: RoomId; eyes: Eyes; at: number }[] {
    return Array.from({ length: count }, (_, at) => at).flatMap((at) =>
      this.#made.rooms.map((room) => ({ room, eyes: eyes(at), at })),
    )
  }

  /** Each takes the next task as soon as it is done with one. */
  async #inTurn<T>(
    watchers: readonly Watcher[],
    tasks: readonly T[],
    act: (watcher: Watcher, task: T) => Promise<void>,
  ): Promise<void> {
    const rest = tasks.values()
    await Promise.all(
      watchers.map(async (watcher) => {
        for (const task of rest) await act(watcher, task)
      }),
    )
  }

  async #readHistory(room: RoomId, ticket: string, { who }: Watcher, statuses: readonly number[]): Promise<void> {
    for (let after = 0; ;) {
      const { status, text, body } = await this.#place.ask<{ more?: boolean; through?: number }>(
        'GET',
        `/api/rooms/${room}/entries?after=${after}&limit=200`,
        { bearer: ticket },
      )
      this.#sightings.look(text, who, 'history')
      if (!statuses.includes(status)) this.problems.push(`history answered ${status}`)
      if (status !== 200 || body.more !== true || body.through === undefined) return
      after = body.through
    }
  }
}
