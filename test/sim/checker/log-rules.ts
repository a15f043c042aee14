import type { Ending, Noted } from '../happening.ts'
import type { Book, Rule, Where } from './book.ts'
import { canonical } from './ledger.ts'

/** How many entries the commands of the world's kind come to; others have one. */
const ENTRIES: Record<string, number> = { pair: 2, never: 0, nothing: 0, crash: 0 }

/** What is held of the log itself: R1 (what is there stays), R2 (dense), R3 (once), R4 (one writer), R10 (snapshots are what a replay says). */
export function logRules(book: Book): Rule {
  const asked = new Map<string, string>()

  const landed = (happening: Noted & { what: 'landed' }) => {
    const { shard, epoch } = happening
    const highest = book.epochs.get(shard) ?? 0
    if (epoch < highest) {
      book.broken('R4', `The log took an append of ${shard} at epoch ${epoch}; epoch ${highest} had begun.`, happening)
    }
    for (const { room: id, after, entries } of happening.batch) {
      const room = book.room(id)
      if (after !== room.head) {
        book.broken(
          'R2',
          `${id}: an append said that it follows ${after}, and the log reached to ${room.head}.`,
          happening,
          { room: id },
        )
      }
      for (const stored of entries) {
        if (stored.seq !== room.head + 1) {
          book.broken('R2', `${id}: entry ${stored.seq} was written at place ${room.head + 1}.`, happening, {
            room: id,
          })
        }
        const known = room.byCommand.get(stored.id)
        if (known !== undefined && known.seq <= after) {
          book.broken(
            'R3',
            `${id}: command ${stored.id} has entries at ${known.seq} and again at ${stored.seq}.`,
            happening,
            { room: id },
          )
        }
        const { entry } = room.add(stored)
        const before = room.at(stored.seq - 1)
        if (entry.seq !== stored.seq || entry.id !== stored.id || entry.at !== stored.at) {
          book.broken('R2', `${id}: the text of entry ${stored.seq} is of another place, command or time.`, happening, {
            room: id,
          })
        }
        if (before !== undefined && before.entry.at > entry.at) {
          book.broken('R2', `${id}: entry ${stored.seq} is from before the one ahead of it.`, happening, { room: id })
        }
      }
    }
  }

  return {
    note(happening) {
      switch (happening.what) {
        case 'asked':
          asked.set(happening.id, happening.type)
          break
        case 'acquired': {
          const highest = book.epochs.get(happening.shard) ?? 0
          if (happening.epoch <= highest) {
            book.broken('R4', `Epoch ${happening.epoch} of ${happening.shard} began after epoch ${highest}.`, happening)
          }
          book.epochs.set(happening.shard, Math.max(highest, happening.epoch))
          break
        }
        case 'landed':
          landed(happening)
          break
        case 'snapshot': {
          const { room: id, snapshot } = happening
          const room = book.room(id)
          if (snapshot.seq > room.head) {
            book.broken(
              'R11',
              `${id}: a snapshot of ${snapshot.seq} was kept, and the log reached to ${room.head}.`,
              happening,
              { room: id },
            )
          } else if (
            canonical((JSON.parse(snapshot.state) as { state: unknown }).state) !== room.stateText(snapshot.seq)
          ) {
            book.broken('R10', `${id}: a snapshot of ${snapshot.seq} is not what a replay comes to.`, happening, {
              room: id,
            })
          }
          break
        }
        default:
      }
    },

    finish(ending: Ending, where: Where) {
      for (const { room: id, entries } of ending.rooms) {
        const room = book.room(id)
        const texts = new Map(entries.map((entry) => [entry.seq, entry.json]))
        for (const { stored } of room.kept) {
          if (texts.get(stored.seq) === stored.json) continue
          const how = texts.has(stored.seq) ? 'was changed' : 'is gone'
          book.broken('R1', `${id}: entry ${stored.seq}, which was durable, ${how}.`, where, { room: id })
        }
        if (entries.length > room.head) {
          book.broken('R4', `${id}: the log has ${entries.length} entries; ${room.head} were accepted.`, where, {
            room: id,
          })
        }
        for (const [command, { entries: count, seq }] of room.byCommand) {
          const type = asked.get(command)
          if (type === undefined || count === (ENTRIES[type] ?? 1)) continue
          book.broken('R3', `${id}: the command ${type} ${command} has ${count} entries, the last at ${seq}.`, where, {
            room: id,
          })
        }
      }
      for (const [id, room] of book.rooms) {
        if (room.head > 0 && !ending.rooms.some((each) => each.room === id)) {
          book.broken('R1', `${id}: all ${room.head} entries are gone.`, where, { room: id })
        }
      }
    },
  }
}
