import { document, type Json } from '@plenary/kinds'
import { fromBase64Url } from '@plenary/kinds/base64url'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { PlenaryProvider } from '../../packages/client/src/yjs/index.ts'
import type { Ending, Noted, Onlooker, Violation } from './happening.ts'
import type { Play } from './play.ts'

/** What one stroke does: words at a place, or so many characters away from it. */
export interface Stroke {
  place: number
  words: string
  cut: number
}

/** People who write one document at once, each with a device that keeps what was typed, as a browser's database does. */
export function writing(): Play {
  const devices = new Map<number, Uint8Array>()
  return {
    kind: document,
    settings: { roles: { owner: 'edit', producer: 'edit', moderator: 'edit', speaker: 'edit', attendee: 'edit' } },
    sit(device, person, room) {
      const doc = new Y.Doc()
      doc.clientID = Math.floor(device.runtime.random() * 2 ** 32)
      const kept = devices.get(person)
      if (kept !== undefined) Y.applyUpdate(doc, kept)
      doc.on('update', () => devices.set(person, Y.encodeStateAsUpdate(doc)))
      const awareness = new Awareness(doc)
      const options = { runtime: device.runtime, keep: false, awareness }
      const provider = new PlenaryProvider(room, doc, options)
      const text = doc.getText('text')
      return {
        do(body) {
          const { place, words, cut } = body as unknown as Stroke
          const at = place % (text.length + 1)
          doc.transact(() => {
            text.insert(at, words)
            text.delete(0, Math.min(cut, at))
          })
        },
        get settled() {
          return provider.snapshot.status === 'saved'
        },
        get shown() {
          return shownOf(doc)
        },
        vanish: () => awareness.destroy(),
      }
    },
  }
}

/** All that two documents must have in common. */
function shownOf(doc: Y.Doc): Json {
  const reached = [...Y.decodeStateVector(Y.encodeStateVector(doc))].toSorted(([a], [b]) => a - b)
  return { text: doc.getText('text').toJSON(), reached }
}

/** Everyone ends with the same document, which is the one that the log says, with all that anyone ever typed. */
export class WritingChecker implements Onlooker {
  readonly violations: Violation[] = []
  strokes = 0
  #last = { at: 0, step: 0 }

  note({ at, step }: Noted): void {
    this.#last = { at, step }
  }

  finish({ rooms, people }: Ending): void {
    for (const { room, entries } of rooms) {
      const doc = new Y.Doc()
      let state = document.initial(document.settings.parse({}))
      for (const { json } of entries) {
        const entry = JSON.parse(json) as Parameters<typeof document.evolve>[1]
        if (entry.type.startsWith('$')) continue
        state = document.evolve(state, entry)
        if (entry.type === 'update') Y.applyUpdate(doc, fromBase64Url(entry.body.update) ?? new Uint8Array())
      }
      const logged = JSON.stringify(shownOf(doc))
      const owned = new Y.Doc()
      for (const update of [...state.content.parts, ...state.content.tail]) {
        Y.applyUpdate(owned, fromBase64Url(update) ?? new Uint8Array())
      }
      if (JSON.stringify(shownOf(owned)) !== logged) this.#add('R10', `${room}: the state is not the log's`)
      if (doc.store.pendingStructs !== null) this.#add('R1', `${room}: the log has changes whose beginning it lacks`)
      for (const person of people.filter(({ open }) => open)) {
        for (const seat of person.rooms.filter((each) => each.room === room)) {
          const shown = JSON.stringify(seat.view)
          if (shown !== logged) this.#add('R5', `person ${person.person} shows ${shown}, the log says ${logged}`)
        }
      }
      this.strokes = [...Y.decodeStateVector(Y.encodeStateVector(doc)).values()].reduce((sum, each) => sum + each, 0)
    }
  }

  #add(promise: string, text: string): void {
    this.violations.push({ promise, text, ...this.#last, atEnd: true })
  }
}
