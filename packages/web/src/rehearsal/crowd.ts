import { createClient, memoryStorage } from '@plenary/client'
import { chat, polls, questions } from '@plenary/kinds/client'
import { answerTo, nameOf, nextAct, pauseMs } from './script.ts'
import type { Room, Session } from '@plenary/client'
import type { AnyClientKind, PollId } from '@plenary/kinds'

/** The most at one time: all of them are connections of this one page. */
const CROWD_MAX = 60
/** Between two who come in. */
const COMING_MS = 150

/**
 * Simulated attendees of a rehearsal: each comes in by the code as a phone would, with a connection of its own, and goes with
 * `resize` or the page. They are clients and nothing more, so that what is rehearsed is the whole way.
 */
export class Crowd {
  readonly #code: string
  readonly #changed: (size: number) => void
  readonly #people: Guest[] = []
  #wanted = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(code: string, changed: (size: number) => void) {
    this.#code = code
    this.#changed = changed
  }

  /** So many of them, from now on. */
  resize(size: number): void {
    this.#wanted = Math.max(0, Math.min(CROWD_MAX, size))
    while (this.#people.length > this.#wanted) this.#people.pop()?.leave()
    this.#changed(this.#people.length)
    if (this.#timer === null && this.#people.length < this.#wanted) this.#next()
  }

  #next(): void {
    this.#timer = null
    if (this.#people.length >= this.#wanted) return
    const guest = new Guest()
    const place = this.#people.push(guest) - 1
    this.#changed(this.#people.length)
    // Who is not let in is not there; the count says so.
    guest.come(this.#code, nameOf(place)).catch(() => {
      const at = this.#people.indexOf(guest)
      if (at >= 0) this.#people.splice(at, 1)
      this.#changed(this.#people.length)
    })
    this.#timer = setTimeout(() => this.#next(), COMING_MS)
  }
}

class Guest {
  #session: Session | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false
  readonly #voted = new Set<PollId>()

  async come(code: string, name: string): Promise<void> {
    const client = createClient({ url: location.origin, storage: memoryStorage() })
    const session = await client.join({ code, name })
    if (this.#gone) return session.close()
    this.#session = session
    const rooms = {
      chat: roomOf(session, chat),
      questions: roomOf(session, questions),
      polls: roomOf(session, polls),
    }
    this.#live(rooms)
  }

  leave(): void {
    this.#gone = true
    clearTimeout(this.#timer)
    this.#session?.close()
  }

  #live(rooms: Rooms): void {
    this.#timer = setTimeout(() => {
      this.#act(rooms)
      this.#live(rooms)
    }, pauseMs(Math.random))
  }

  #act(rooms: Rooms): void {
    for (const poll of rooms.polls?.snapshot.view?.polls ?? []) {
      if (poll.status !== 'open' || this.#voted.has(poll.id)) continue
      this.#voted.add(poll.id)
      return settled(rooms.polls?.send('vote', { poll: poll.id, answer: answerTo(poll, Math.random) }))
    }
    const act = nextAct(Math.random)
    if (act.does === 'say') return settled(rooms.chat?.send('post', { text: act.text }))
    if (act.does === 'ask') return settled(rooms.questions?.send('ask', { text: act.text }))
    if (act.does === 'listen') return
    const asked = rooms.questions?.snapshot.view?.questions.filter(({ status }) => status === 'open') ?? []
    const question = asked[Math.floor(Math.random() * asked.length)]
    if (question) settled(rooms.questions?.send('vote', { target: question.seq, on: true }))
  }
}

interface Rooms {
  chat: Room<typeof chat> | null
  questions: Room<typeof questions> | null
  polls: Room<typeof polls> | null
}

function roomOf<K extends AnyClientKind>(session: Session, kind: K): Room<K> | null {
  const id = session.event.rooms.find((room) => room.kind === kind.name)?.id
  return id === undefined ? null : session.room(kind, id)
}

/** A simulated attendee takes a no as it comes: slow mode and closed questions are part of what is rehearsed. */
function settled(sent: Promise<unknown> | undefined): void {
  sent?.catch(() => undefined)
}
