import { Extension } from '@tiptap/core'
import { Suggestion } from '@tiptap/suggestion'
import { blocksFor } from './blocks.ts'
import type { Editor, Range } from '@tiptap/core'
import type { BlockChoice } from './blocks.ts'

/** What the slash menu shows now; null while it is closed. */
export interface SlashNow {
  items: readonly BlockChoice[]
  active: number
  /** Where the slash stands, in the window. */
  at: { left: number; top: number; bottom: number }
  pick(item: BlockChoice): void
}

/** Joins the editor, where the menu is steered from, with the component that shows it. */
export class SlashMenu {
  #now: SlashNow | null = null
  readonly #listeners = new Set<() => void>()
  #image: (editor: Editor) => void = () => undefined

  /** `image` chooses a file and puts it where the slash stood. */
  listen(image: (editor: Editor) => void): void {
    this.#image = image
  }

  get now(): SlashNow | null {
    return this.#now
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  show(now: SlashNow | null): void {
    this.#now = now
    for (const listener of this.#listeners) listener()
  }
  move(by: number): void {
    if (this.#now === null || this.#now.items.length === 0) return
    const { items, active } = this.#now
    this.show({ ...this.#now, active: (active + by + items.length) % items.length })
  }

  take(editor: Editor, range: Range, item: BlockChoice): void {
    const chain = editor.chain().focus().deleteRange(range)
    if (item.run === null) {
      chain.run()
      this.#image(editor)
    } else item.run(chain).run()
  }
}

/** A slash at the start of a word offers the kinds of blocks. */
export function slash(menu: SlashMenu) {
  return Extension.create({
    name: 'slash',
    addProseMirrorPlugins() {
      const { editor } = this
      return [
        Suggestion<BlockChoice, BlockChoice>({
          editor,
          char: '/',
          allow: ({ editor: inside }) => !inside.isActive('codeBlock') && !inside.isActive('code') && inside.isEditable,
          items: ({ query }) => blocksFor(query),
          command: ({ editor: inside, range, props }) => menu.take(inside, range, props),
          render: () => ({
            onStart: (props) => menu.show(nowOf(props, 0)),
            onUpdate: (props) => menu.show(nowOf(props, 0)),
            onExit: () => menu.show(null),
            onKeyDown: ({ event }) => {
              const { now } = menu
              if (now === null || now.items.length === 0) return false
              if (event.key === 'ArrowDown') menu.move(1)
              else if (event.key === 'ArrowUp') menu.move(-1)
              else if (event.key === 'Escape') menu.show(null)
              else if (event.key === 'Enter' || event.key === 'Tab') {
                const item = now.items[now.active]
                if (item !== undefined) now.pick(item)
              } else return false
              return true
            },
          }),
        }),
      ]
    },
  })
}

interface Offer {
  items: BlockChoice[]
  command(item: BlockChoice): void
  clientRect?: (() => DOMRect | null) | null
}

function nowOf({ items, command, clientRect }: Offer, active: number): SlashNow {
  const rect = clientRect?.()
  return { items, active, pick: command, at: rect ?? { left: 0, top: 0, bottom: 0 } }
}
