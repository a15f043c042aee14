import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap'
import { fromBase64Url, toBase64Url } from '@plenary/kinds/base64url'
import * as Y from 'yjs'
import type { Node } from '@tiptap/pm/model'
import type { Anchor, Thread } from '@plenary/kinds/document'
import type { EditorState } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'

/** What the text shows of the comments: which there are, and which one is looked at. */
export interface MarksNow {
  threads: readonly Thread[]
  active: string | null
  /** A selection that is about to be commented on. */
  draft: Anchor | null
}

/** Joins the list of comments with the text that they are about. */
export class CommentMarks {
  now: MarksNow = { threads: [], active: null, draft: null }
  view: EditorView | null = null
  #pressed: (thread: string) => void = () => undefined

  /** `pressed` is called with a thread whose text was pressed. */
  listen(pressed: (thread: string) => void): void {
    this.#pressed = pressed
  }
  press(thread: string): void {
    this.#pressed(thread)
  }

  show(now: MarksNow): void {
    this.now = now
    const { view } = this
    view?.dispatch(view.state.tr.setMeta(key, 'again'))
  }

  /** The selection as positions that survive edits, with its words; null when nothing is selected. */
  selection(): { anchor: Anchor; quote: string } | null {
    const state = this.view?.state
    const sync = state === undefined ? null : syncOf(state)
    if (state === undefined || sync === null || state.selection.empty) return null
    const { from, to } = state.selection
    const position = (at: number) =>
      toBase64Url(
        Y.encodeRelativePosition(absolutePositionToRelativePosition(at, sync.type, sync.mapping) as Y.RelativePosition),
      )
    return {
      anchor: { from: position(from), to: position(to) },
      quote: state.doc.textBetween(from, to, ' ').trim().slice(0, QUOTE_CHARS_MAX),
    }
  }

  /** Where a thread's text begins; null when it is gone. */
  placeOf(thread: Thread): number | null {
    const state = this.view?.state
    return state === undefined || thread.anchor === null ? null : (rangeOf(state, thread.anchor)?.from ?? null)
  }
}

const QUOTE_CHARS_MAX = 280
const key = new PluginKey<DecorationSet>('comments')

type Mapping = Map<Y.AbstractType<unknown>, Node | Node[]>

interface Sync {
  doc: Y.Doc
  type: Y.XmlFragment
  mapping: Mapping
}

function syncOf(state: EditorState): Sync | null {
  const sync = ySyncPluginKey.getState(state) as
    | { doc: Y.Doc; type: Y.XmlFragment; binding: { mapping: Mapping } | null }
    | undefined
  const mapping = sync?.binding?.mapping
  return sync === undefined || mapping === undefined ? null : { doc: sync.doc, type: sync.type, mapping }
}

function rangeOf(state: EditorState, anchor: Anchor): { from: number; to: number } | null {
  const sync = syncOf(state)
  if (sync === null) return null
  const place = (position: string) => {
    const bytes = fromBase64Url(position)
    if (bytes === null) return null
    try {
      return relativePositionToAbsolutePosition(sync.doc, sync.type, Y.decodeRelativePosition(bytes), sync.mapping)
    } catch {
      // A position of somebody else's making that leads nowhere.
      return null
    }
  }
  const [one, other] = [place(anchor.from), place(anchor.to)]
  if (one === null || other === null) return null
  const size = state.doc.content.size
  const [from, to] = [Math.min(one, other, size), Math.min(Math.max(one, other), size)]
  return from < to ? { from, to } : null
}

function decorations(state: EditorState, { threads, active, draft }: MarksNow): DecorationSet {
  const marks = threads.flatMap((thread) => {
    const range = thread.anchor === null || thread.resolved !== null ? null : rangeOf(state, thread.anchor)
    if (range === null) return []
    const name = thread.id === active ? 'commented commented-active' : 'commented'
    return [Decoration.inline(range.from, range.to, { class: name, 'data-thread': thread.id })]
  })
  const range = draft === null ? null : rangeOf(state, draft)
  if (range !== null) marks.push(Decoration.inline(range.from, range.to, { class: 'commented commented-active' }))
  return DecorationSet.create(state.doc, marks)
}

/** Marks the text that comments are about, wherever it moves. */
export function commentMarks(marks: CommentMarks, doc: Y.Doc) {
  return Extension.create({
    name: 'commentMarks',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply: (transaction, before, _old, state) =>
            transaction.getMeta(key) === undefined
              ? before.map(transaction.mapping, transaction.doc)
              : decorations(state, marks.now),
        },
        props: {
          decorations: (state) => key.getState(state),
          handleClick: (_view, _at, event) => {
            const thread =
              event.target instanceof Element
                ? event.target.closest<HTMLElement>('[data-thread]')?.dataset['thread']
                : undefined
            if (thread !== undefined) marks.press(thread)
            return false
          },
        },
        view: (view) => {
          marks.view = view
          // After the text has taken in what changed, from whomever: only then do positions lead to the right places.
          let asked = false
          const again = () => {
            if (asked) return
            asked = true
            queueMicrotask(() => {
              asked = false
              if (!view.isDestroyed) marks.show(marks.now)
            })
          }
          doc.on('update', again)
          again()
          return {
            destroy: () => {
              doc.off('update', again)
              marks.view = null
            },
          }
        },
      }),
    ],
  })
}
