import { audienceOf, type Entry, type Json, type RoomId } from '@plenary/kinds'
import { mayEnter, roleInRoom, roomOf, userOf } from '../cast.ts'
import type { Noted } from '../happening.ts'
import type { Book, Rule } from './book.ts'
import { canonical } from './ledger.ts'

/** A whole view with its place, as it stands in an answer to a join and in a reset. */
interface Start {
  cursor: { seq: number }
  view: Json
  mine?: Json
  mineSeq?: number
}

type OnWire = Noted & { connection: string; person: number; node: number }

/**
 * What a gateway writes, at the moment when it writes it: nothing that is not durable (R11), nothing to one who may not see it (R6),
 * nothing left out and nothing else than what the log says (R2, R5, R10).
 */
export function wireRules(book: Book): Rule {
  /** How far each connection has each of its rooms. */
  const reached = new Map<string, Map<string, number>>()
  /** Who has no right to the event any more, by gateway that knows it. */
  const kicked = new Set<string>()
  const roomNumber = new Map(Array.from({ length: book.plan.shape.rooms }, (_, room) => [roomOf(room) as string, room]))

  const audience = (person: number, room: string) => audienceOf(roleInRoom(person, roomNumber.get(room) ?? 0))
  const isKicked = ({ node, person }: OnWire) => kicked.has(`${node} ${person}`)

  /** Whether anything of this room may go to this person now. */
  const allowed = (on: OnWire, room: string, what: string): boolean => {
    const number = roomNumber.get(room)
    const about = { room, person: on.person }
    if (number === undefined || !mayEnter(on.person, number)) {
      book.broken('R6', `person ${on.person} got ${what} of ${room}, and may not be there.`, on, about)
      return false
    }
    if (isKicked(on)) {
      book.broken(
        'R6',
        `person ${on.person} got ${what} of ${room} from a gateway that knew they have no right any more.`,
        on,
        about,
      )
    }
    return true
  }

  const durable = (on: OnWire, room: string, seq: number, what: string): boolean => {
    const { head } = book.room(room)
    if (seq <= head) return true
    const text = `person ${on.person} got ${what} of ${room} that speaks of ${seq}; durable was ${head}.`
    book.broken('R11', text, on, { room, person: on.person })
    return false
  }

  const notBarred = (on: OnWire, room: string, seq: number, what: string) => {
    const from = book.room(room).barredFrom.get(userOf(on.person))
    if (from === undefined || seq < from) return
    const text = `person ${on.person} got ${what} of ${room} up to ${seq}, barred since ${from}.`
    book.broken('R6', text, on, { room, person: on.person })
  }

  /** Exactly what this person may see of `(after, through]`; what was told before, up to `told`, may be left out. */
  const exactly = (
    on: OnWire,
    room: string,
    [after, through]: readonly [number, number],
    entries: readonly Entry[],
    what: string,
    told = after,
  ) => {
    const visible = book.room(room).visible(after, through, audience(on.person, room), userOf(on.person))
    const repeated = new Set(entries.map(({ seq }) => seq))
    const expected = visible.filter(({ entry }) => entry.seq > told || repeated.has(entry.seq))
    const got = entries.map((entry) => canonical(entry))
    const want = expected.map(({ entry }) => canonical(entry))
    if (got.join() === want.join()) return
    const seqs = (list: readonly { seq: number }[]) => list.map(({ seq }) => seq).join()
    const hidden = entries.find(({ seq }) => {
      const sees = book.room(room).at(seq)?.stored.sees
      return sees !== undefined && !expected.some((each) => each.entry.seq === seq) && seq > after && seq <= through
    })
    const text = `person ${on.person} got [${seqs(entries)}] in ${what} of ${room} for (${after}, ${through}]; it is [${seqs(expected.map(({ entry }) => entry))}].`
    book.broken(hidden === undefined ? 'R5' : 'R6', text, on, { room, person: on.person })
  }

  const start = (on: OnWire, room: string, { cursor, view, mine, mineSeq }: Start, what: string) => {
    const about = { room, person: on.person }
    if (!durable(on, room, cursor.seq, what)) return
    notBarred(on, room, cursor.seq, what)
    const ledger = book.room(room)
    if (canonical(view) !== ledger.viewText(cursor.seq, audience(on.person, room))) {
      const staff = audience(on.person, room) === 'everyone' && canonical(view) === ledger.viewText(cursor.seq, 'staff')
      const text = `person ${on.person} got ${what} of ${room} at ${cursor.seq} that is ${staff ? 'for staff' : 'not what the log comes to'}.`
      book.broken(staff ? 'R6' : 'R10', text, on, about)
    }
    const ownSeq = mineSeq ?? cursor.seq
    if (mine === undefined || !durable(on, room, ownSeq, `the own part of ${what}`)) return
    if (canonical(mine) !== ledger.mineText(ownSeq, userOf(on.person))) {
      book.broken(
        'R10',
        `person ${on.person} got an own part of ${room} at ${ownSeq} that is not what the log comes to.`,
        on,
        about,
      )
    }
  }

  const written = (on: Noted & { what: 'wrote' }) => {
    const { message } = on
    if (message.name === 'welcome' || message.name === 'goodbye' || message.name === 'revoked') return
    const { room } = message.body
    if (!allowed(on, room, `a ${message.name}`)) return
    const at = reached.get(on.connection)
    if (message.name === 'batch') {
      const { after, through, entries } = message.body
      const from = at?.get(room)
      const about = { room, person: on.person }
      if (from === undefined)
        book.broken('R6', `person ${on.person} got a batch of ${room} without having joined it.`, on, about)
      else if (after > from)
        book.broken(
          'R5',
          `person ${on.person} got a batch of ${room} after ${after}; the one before it ended at ${from}.`,
          on,
          about,
        )
      if (!durable(on, room, through, 'a batch')) return
      notBarred(on, room, Math.max(...entries.map(({ seq }) => seq), 0), 'a batch')
      exactly(on, room, [after, through], entries, 'a batch', from)
      at?.set(room, Math.max(through, from ?? 0))
    } else if (message.name === 'view') {
      start(on, room, message.body, 'a view')
      at?.set(room, message.body.cursor.seq)
    } else if (message.name === 'digest') {
      const { through, body } = message.body
      if (!durable(on, room, through, 'a digest')) return
      if (canonical(body) !== book.room(room).digestText(through)) {
        book.broken('R10', `a digest of ${room} at ${through} is not what the log comes to.`, on, {
          room,
          person: on.person,
        })
      }
    }
  }

  const joined = (on: Noted & { what: 'joined' }) => {
    const { request, answer } = on
    if (!answer.ok || !allowed(on, request.room, 'an answer to a join')) return
    const room = request.room as RoomId
    if ('view' in answer) start(on, room, answer, 'a view')
    else if (durable(on, room, answer.cursor.seq, 'a resume')) {
      notBarred(on, room, answer.cursor.seq, 'a resume')
      exactly(on, room, [request.cursor?.seq ?? 0, answer.cursor.seq], answer.entries, 'a resume')
    }
    reached.get(on.connection)?.set(room, answer.cursor.seq)
  }

  const answered = (on: Noted & { what: 'answered' }) => {
    const { request, answer } = on
    if (!answer.ok) return
    const ledger = book.room(request.room)
    const about = { room: request.room, person: on.person }
    if (!durable(on, request.room, answer.seq, 'an acknowledgement')) return
    const known = ledger.byCommand.get(request.id)
    if (known !== undefined && known.seq !== answer.seq) {
      book.broken(
        'R3',
        `command ${request.id} was acknowledged at ${answer.seq}; its entries end at ${known.seq}.`,
        on,
        about,
      )
    } else if (known === undefined && request.type !== 'nothing') {
      book.broken(
        'R11',
        `command ${request.id} was acknowledged at ${answer.seq}, and none of its entries is durable.`,
        on,
        about,
      )
    }
    // The own kind's result: the sum once the command's entries are in.
    const { result } = answer
    if (result !== undefined && canonical(result) !== ledger.digestText(answer.seq)) {
      book.broken(
        'R10',
        `command ${request.id} was answered with ${canonical(result)}; the log comes to ${ledger.digestText(answer.seq)}.`,
        on,
        about,
      )
    }
  }

  return {
    note(happening) {
      switch (happening.what) {
        case 'connected':
          reached.set(happening.connection, new Map())
          if (isKicked(happening)) {
            book.broken(
              'R6',
              `person ${happening.person} was let in by a gateway that knew they have no right any more.`,
              happening,
              { person: happening.person },
            )
          }
          break
        case 'ended':
          reached.delete(happening.connection)
          break
        case 'node':
          for (const key of kicked) if (key.startsWith(`${happening.node} `)) kicked.delete(key)
          break
        case 'kicked':
          kicked.add(`${happening.node} ${happening.person}`)
          break
        case 'joined':
          joined(happening)
          break
        case 'answered':
          answered(happening)
          break
        case 'wrote':
          written(happening)
          break
        default:
      }
    },
  }
}
