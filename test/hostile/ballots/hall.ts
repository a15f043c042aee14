import { randomUUID } from 'node:crypto'
import type { CommandId, EventId, Role, RoomId, api } from '@plenary/kinds'
import { bytesOf } from '../../../packages/engine/src/testing/unmask.ts'
import { startServerProcess, type ServerProcess } from '../server-process.ts'
import { Place, type TestEvent } from '../stage.ts'
import { allAnswers, type Told } from './all-answers.ts'
import type { Voter } from './linked.ts'
import { Witness, type Joined, type Person } from './witness.ts'

const VOTERS = 5
/** They see what there is to see, each in their own role. */
const ONLOOKERS: readonly Role[] = ['producer', 'moderator', 'speaker', 'attendee']

/** How a poll is asked, and what the voter at each place answers. */
export interface Ballot {
  form: object
  privacy: 'secret' | 'hidden'
  answer(at: number): object
}

/** An event on a server that writes down all it can, with people who look on and people who vote; the last of those is a moderator. */
export class Hall implements AsyncDisposable {
  readonly server: ServerProcess
  readonly place: Place
  readonly event: TestEvent
  readonly rooms: readonly RoomId[]
  readonly polls: RoomId
  readonly owner: Witness
  readonly onlookers: Witness[]
  readonly voters: Witness[]

  private constructor(server: ServerProcess, event: TestEvent, polls: RoomId, people: readonly Person[]) {
    const [owner, ...others] = people.map((who) => new Witness(who))
    if (owner === undefined) throw new Error('Nobody is there.')
    this.server = server
    this.place = new Place(server.url)
    this.event = event
    // What is answered to joining the last is looked at.
    this.rooms = [...event.rooms.filter((room) => room !== polls), polls]
    this.polls = polls
    this.owner = owner
    this.voters = others.filter(({ who }) => who.name.startsWith('Voter'))
    this.onlookers = [owner, ...others.filter((other) => !this.voters.includes(other))]
  }

  static async open(): Promise<Hall> {
    await using opening = new AsyncDisposableStack()
    const server = opening.use(await startServerProcess(undefined, { LOG_LEVEL: 'trace' }))
    const place = new Place(server.url)
    const event = await place.createEvent('An evening')
    const { body } = await place.ask<{ event: api.EventInfo; me: api.Me }>('GET', `/api/events/${event.id}`, {
      bearer: event.pass,
    })
    const person = async (name: string, role: Role) => ({ name, ...(await place.guest(event, role, name)) })
    const people: Person[] = [
      {
        name: 'owner',
        user: body.me.id,
        role: 'owner',
        pass: event.pass,
        ticket: await place.ticket(event.pass, event.id),
      },
    ]
    for (const role of ONLOOKERS) people.push(await person(role, role))
    people.push(await overlay(place, event.id, event.pass))
    for (let at = 0; at < VOTERS; at++)
      people.push(await person(`Voter-${randomUUID()}`, at === VOTERS - 1 ? 'moderator' : 'attendee'))
    const polls = body.event.rooms.find(({ kind }) => kind === 'polls')
    if (polls === undefined) throw new Error('The event has no polls.')
    const hall = new Hall(server, event, polls.id, people)
    await hall.comeIn()
    // From here on it is the hall's to end.
    opening.move()
    return hall
  }

  get everyone(): Witness[] {
    return [...this.onlookers, ...this.voters]
  }

  /** Votes that were just given, as whoever gave them knows them. */
  get ballots(): Voter[] {
    return this.voters.map(({ who: { user, name }, command }) => ({ user, name, command }))
  }

  /** Everybody comes in anew, and what they were sent before is forgotten; answers how the polls look to each. */
  async comeIn(): Promise<Map<Witness, Joined>> {
    const seen = new Map<Witness, Joined>()
    for (const witness of this.everyone) {
      witness.texts.length = 0
      seen.set(witness, await witness.enter(this.place, this.rooms))
    }
    return seen
  }

  /** A poll in which all have voted one after the other, and what each of them answered. */
  async votedIn({ form, privacy, answer }: Ballot): Promise<{ poll: CommandId; answers: object[] }> {
    const poll = randomUUID() as CommandId
    await this.owner.send(this.polls, 'draft', { title: 'What do you think?', form, privacy }, poll)
    await this.owner.send(this.polls, 'open', { poll })
    const answers = this.voters.map((_, at) => answer(at))
    for (const [at, voter] of this.voters.entries()) await voter.send(this.polls, 'vote', { poll, answer: answers[at] })
    // That all have voted is what everybody may know.
    for (const witness of this.everyone) await witness.told(`"votes":${VOTERS}`)
    return { poll, answers }
  }

  async close(poll: CommandId): Promise<void> {
    await this.owner.send(this.polls, 'close', { poll })
    for (const witness of this.everyone) await witness.told('"type":"close"')
  }

  /** What everybody is answered who asks for all that can be asked for. */
  async answers(): Promise<Told[]> {
    const known = {
      event: [this.event.id],
      room: this.rooms,
      // No images are beside a poll.
      file: ['x'.repeat(43)],
      key: ['x'],
      code: [this.event.code],
      kind: ['polls'],
    }
    const { told, leftOut } = await allAnswers(
      this.place,
      this.everyone.map(({ who }) => who),
      known,
    )
    if (leftOut.length > 0) throw new Error(`Not asked for want of values: ${leftOut.join(', ')}`)
    return told
  }

  /** Everything there is: each file, each line that the server wrote, each answer, each text that anybody was sent since they came in. */
  async everything(told: readonly Told[]): Promise<Buffer> {
    const sent = this.everyone.flatMap(({ texts }) => texts)
    const texts = [this.server.said, ...told.map(({ text }) => text), ...sent].join('\n')
    return Buffer.concat([await bytesOf(this.server.folder), Buffer.from(texts)])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const witness of this.everyone) witness[Symbol.dispose]()
    await this.server[Symbol.asyncDispose]()
  }
}

/** A page that only shows the event. */
async function overlay(place: Place, event: EventId, bearer: string): Promise<Person> {
  const made = await place.ask<{ key: string }>('POST', `/api/events/${event}/overlay-keys`, {
    bearer,
    body: { label: 'Hall' },
  })
  const { body } = await place.ask<api.TicketAnswer>('POST', '/api/overlay', { body: { key: made.body.key } })
  return { name: 'overlay', user: body.me.id, role: body.me.role, pass: null, ticket: body.ticket }
}
