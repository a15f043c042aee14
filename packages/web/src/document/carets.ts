import { Extension } from '@tiptap/core'
import { defaultAwarenessStateFilter, yCursorPlugin } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'
import type { Plugin } from '@tiptap/pm/state'

/** What a person's editor says of itself; it comes from their device. */
interface Caret {
  name?: unknown
  color?: unknown
}

const colourOf = ({ color }: Caret) => (typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : '#41544d')
const nameOf = ({ name }: Caret) => (typeof name === 'string' && name !== '' ? name.slice(0, 60) : 'Somebody')

/** Where the others are: a line in their colour with their name, and what they have selected. */
export function carets(awareness: Awareness) {
  return Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, {
        awarenessStateFilter: defaultAwarenessStateFilter,
        cursorBuilder: (user: Caret) => {
          const caret = document.createElement('span')
          caret.className = 'caret'
          // The name is drawn and no part of the text, for those who copy it or have it read to them.
          caret.dataset['name'] = nameOf(user)
          caret.style.setProperty('--person', colourOf(user))
          return caret
        },
        selectionBuilder: (user: Caret) => ({
          class: 'others-selection',
          style: `--person: ${colourOf(user)}`,
        }),
      }) as Plugin,
    ],
  })
}
