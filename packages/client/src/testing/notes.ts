import { defineKind, EVERYONE, type Decision, type EntryOf, type Refusal, type Seq } from '@plenary/kinds'
import { z } from 'zod'

export interface Note {
  seq: Seq
  text: string
}
export interface NotesView {
  /** The newest hundred. */
  messages: Note[]
}
export interface NotesBodies {
  note: { text: string }
  amend: { target: Seq; text: string }
}

/** A small kind to test the SDK with: notes that roll out of the view, and can be amended. */
export const notes = defineKind({
  name: 'notes',
  version: 1,
  settings: z.strictObject({}),
  commands: {
    note: { body: z.strictObject({ text: z.string() }), allow: EVERYONE },
    amend: { body: z.strictObject({ target: z.number(), text: z.string() }), allow: EVERYONE },
  },
  signals: { typing: { body: z.strictObject({ on: z.boolean() }), allow: EVERYONE, perSecond: 2 } },
  initial: (): NotesView => ({ messages: [] }),
  decide(_state, command): Decision<NotesBodies> | Refusal {
    if (command.type === 'amend') return { entries: [{ type: 'amend', body: command.body }] }
    if (command.body.text === 'no') return { refused: 'not_that', message: 'Anything but that.' }
    return { entries: [{ type: 'note', body: command.body }] }
  },
  evolve: fold,
  visibility: () => 'everyone' as const,
  empty: (): NotesView => ({ messages: [] }),
  view: (state: NotesView): NotesView => ({ messages: [...state.messages] }),
  evolveView: fold,
  mine: () => ({ notes: 0 }),
  evolveMine: (mine: { notes: number }, entry, me) =>
    entry.by?.id === me && entry.type === 'note' ? { notes: mine.notes + 1 } : mine,
  about: (entry) => (entry.type === 'amend' ? entry.body.target : null),
})

function fold(view: NotesView, entry: EntryOf<NotesBodies>): NotesView {
  if (entry.type === 'note') {
    return { messages: [...view.messages, { seq: entry.seq, text: entry.body.text }].slice(-100) }
  }
  const { target, text } = entry.body
  return {
    messages: view.messages.map((note) => (note.seq === target ? { ...note, text: `${note.text}, ${text}` } : note)),
  }
}
