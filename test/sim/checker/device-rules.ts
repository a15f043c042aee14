import { audienceOf, type RoomId } from '@plenary/kinds'
import { mayEnter, roleInRoom, roomOf, userOf } from '../cast.ts'
import type { Ending, Noted, PersonAtEnd, RoomAtEnd } from '../happening.ts'
import type { Book, Rule, Where } from './book.ts'
import { canonical } from './ledger.ts'

/** A command as its person knows it. */
interface Asked {
  person: number
  room: RoomId
  type: string
  outcome: 'open' | 'saved' | 'refused'
  /** Why it was refused. */
  code?: string
}

/**
 * What people are shown: every entry once and in order with nothing left out but what a reset says (R2, R5), and the truth about their own
 * commands (R12). At the end all see what the log says, and nobody waits for anything.
 */
export function deviceRules(book: Book): Rule {
  const asked = new Map<string, Asked>()
  /** Up to where each open page was told, by person and room; null before the first. */
  const told = new Map<string, number | null>()
  const keyOf = (person: number, room: string) => `${person} ${room}`
  const audience = (person: number, room: RoomId) => audienceOf(roleInRoom(person, numberOf(room)))
  const numberOf = (room: string) => Number(room.slice(roomOf(0).length - 1))

  /** Visible entries of `(after, before)`, which nobody may pass over. */
  const skipped = (person: number, room: RoomId, after: number, before: number): number[] =>
    book
      .room(room)
      .visible(after, before - 1, audience(person, room), userOf(person))
      .map(({ entry }) => entry.seq)

  const saw = (happening: Noted & { what: 'saw' }) => {
    const { person, room, entry } = happening
    const about = { room, person }
    const ledger = book.room(room)
    const kept = ledger.at(entry.seq)
    const key = keyOf(person, room)
    const last = told.get(key) ?? null
    if (kept === undefined) {
      book.broken(
        'R11',
        `person ${person} saw entry ${entry.seq} of ${room}; durable was ${ledger.head}.`,
        happening,
        about,
      )
    } else if (canonical(kept.entry) !== canonical(entry)) {
      book.broken(
        'R2',
        `person ${person} saw another entry ${entry.seq} of ${room} than the log has.`,
        happening,
        about,
      )
    }
    if (last !== null && entry.seq <= last) {
      book.broken('R2', `person ${person} saw entry ${entry.seq} of ${room} after ${last}.`, happening, about)
    } else if (last !== null) {
      const missing = skipped(person, room, last, entry.seq)
      if (missing.length > 0) {
        book.broken(
          'R5',
          `person ${person} saw ${entry.seq} of ${room} after ${last}, and never [${missing.join()}].`,
          happening,
          about,
        )
      }
    }
    told.set(key, Math.max(last ?? 0, entry.seq))
  }

  const jumped = (happening: Noted & { what: 'jumped' }) => {
    const { person, room, from, to } = happening
    const key = keyOf(person, room)
    const last = told.get(key) ?? null
    const missing = last === null ? [] : skipped(person, room, last, from + 1)
    if (missing.length > 0) {
      const text = `person ${person} was told of a jump in ${room} from ${from}, had seen up to ${last}, and never [${missing.join()}].`
      book.broken('R5', text, happening, { room, person })
    }
    told.set(key, Math.max(last ?? 0, to))
  }

  const saved = (happening: Noted & { what: 'saved' }) => {
    const { person, room, id, seq } = happening
    const about = { room, person }
    const command = asked.get(id)
    const known = book.room(room).byCommand.get(id)
    if (command?.outcome === 'refused') {
      book.broken(
        'R12',
        `person ${person} was told that ${id} is refused, and then that it is saved.`,
        happening,
        about,
      )
    }
    if (command !== undefined) command.outcome = 'saved'
    if (known === undefined && command?.type !== 'nothing') {
      book.broken(
        'R1',
        `person ${person} was told that ${id} is saved in ${room}, and it is not there.`,
        happening,
        about,
      )
    } else if (known !== undefined && seq !== null && known.seq !== seq) {
      book.broken(
        'R12',
        `person ${person} was told that ${id} is saved at ${seq}; it is at ${known.seq}.`,
        happening,
        about,
      )
    }
  }

  /** One person's copy of one room, when all is over. */
  const converged = ({ person, open }: PersonAtEnd, at: RoomAtEnd, where: Where) => {
    const { room, state, seq, view, mine, unsettled } = at
    const about = { room, person }
    const ledger = book.room(room)
    const out = !mayEnter(person, numberOf(room)) || ledger.barredFrom.has(userOf(person))
    if (out) {
      if (state === 'live' && !mayEnter(person, numberOf(room))) {
        book.broken('R6', `person ${person} is in ${room} and may not be.`, where, about)
      }
      return
    }
    if (!open) return
    if (state !== 'live') {
      const why = at.failure === undefined ? '' : ` (${at.failure.code}: ${at.failure.message})`
      book.broken('R5', `person ${person} is not back in ${room} at the end, but ${state}${why}.`, where, about)
      return
    }
    const last = told.get(keyOf(person, room)) ?? null
    const missing = skipped(person, room, last ?? seq, ledger.head + 1)
    if (missing.length > 0) {
      book.broken('R5', `person ${person} never got [${missing.join()}] of ${room}.`, where, about)
    } else if (canonical(view) !== ledger.viewText(ledger.head, audience(person, room))) {
      book.broken('R5', `person ${person} has another view of ${room} at ${seq} than the log comes to.`, where, about)
    } else if (mine !== null && canonical(mine) !== ledger.mineText(ledger.head, userOf(person))) {
      book.broken(
        'R5',
        `person ${person} has another own part of ${room} at ${seq} than the log comes to.`,
        where,
        about,
      )
    }
    if (unsettled.length > 0) {
      book.broken('R12', `person ${person} still waits in ${room} for ${unsettled.join(', ')}.`, where, about)
    }
  }

  return {
    note(happening) {
      switch (happening.what) {
        case 'opened':
          for (const key of told.keys()) if (key.startsWith(`${happening.person} `)) told.delete(key)
          break
        case 'asked':
          asked.set(happening.id, {
            person: happening.person,
            room: happening.room,
            type: happening.type,
            outcome: 'open',
          })
          break
        case 'saw':
          saw(happening)
          break
        case 'jumped':
          jumped(happening)
          break
        case 'saved':
          saved(happening)
          break
        case 'refused': {
          const command = asked.get(happening.id)
          if (command?.outcome === 'saved') {
            const text = `person ${happening.person} was told that ${happening.id} is saved, and then that it is refused.`
            book.broken('R12', text, happening, { room: happening.room, person: happening.person })
          }
          if (command !== undefined) {
            command.outcome = 'refused'
            command.code = happening.failure.reason ?? happening.failure.code
          }
          break
        }
        default:
      }
    },

    finish(ending: Ending, where: Where) {
      for (const person of ending.people) for (const room of person.rooms) converged(person, room, where)
      for (const [id, { person, room, outcome, type, code }] of asked) {
        const known = book.room(room).byCommand.get(id)
        const about = { room, person }
        // Who was turned away while it was on its way is told just that.
        if (outcome === 'refused' && code !== 'outcome_unknown' && known !== undefined) {
          book.broken(
            'R12',
            `person ${person} was told that ${type} ${id} is refused (${code}); it is in ${room} at ${known.seq}.`,
            where,
            about,
          )
        }
        if (outcome === 'open' && ending.people.some((each) => each.person === person && each.open)) {
          book.broken('R12', `person ${person} was never told what became of ${type} ${id} in ${room}.`, where, about)
        }
      }
    },
  }
}
