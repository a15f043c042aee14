import { Extension } from '@tiptap/core'

/** What the page does at keys that are pressed in the text. */
export interface KeyActs {
  comment(): void
  toolbar(): void
}

/** Joins keys pressed in the text with the page around it. */
export class PageKeys {
  #acts: KeyActs | null = null

  listen(acts: KeyActs): void {
    this.#acts = acts
  }
  press(what: keyof KeyActs): boolean {
    this.#acts?.[what]()
    return true
  }
}

/** Ctrl+Alt+M comments, Alt+F10 goes to the tools. */
export function pageKeys(keys: PageKeys) {
  return Extension.create({
    name: 'pageKeys',
    addKeyboardShortcuts: () => ({
      'Mod-Alt-m': () => keys.press('comment'),
      'Alt-F10': () => keys.press('toolbar'),
    }),
  })
}
