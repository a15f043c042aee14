/** Every key of the control room, in one table: buttons, the sheet of keys and what listens all read it. */

interface Key {
  /** As `KeyboardEvent.key` has it, letters in lower case. */
  key: string
  shift?: true
  alt?: true
  does: string
}

/** Anywhere in the room, outside of fields. */
export const ROOM_KEYS = {
  next: { key: 'n', does: 'Next cue' },
  back: { key: 'b', does: 'Back one cue' },
  hold: { key: 'h', does: 'Hold everything, or go on' },
  undo: { key: 'z', does: 'Undo' },
  start: { key: 's', shift: true, does: 'Start the programme' },
  end: { key: 'e', shift: true, does: 'End the programme' },
  add: { key: 'c', does: 'Add a cue' },
  poll: { key: 'q', does: 'Ask a quick poll' },
  announce: { key: 'a', does: 'Write an announcement' },
  message: { key: 'm', does: 'Write to the speakers' },
  lowerThird: { key: 'l', does: 'Write a lower third' },
  keys: { key: '?', does: 'Show or hide this sheet' },
} as const satisfies Record<string, Key>
export type RoomKey = keyof typeof ROOM_KEYS

/** With a line of a list chosen. */
export const LINE_KEYS = {
  go: { key: 'g', does: 'Go to the cue' },
  edit: { key: 'e', does: 'Edit the cue or the draft' },
  up: { key: 'ArrowUp', alt: true, does: 'Move the cue up' },
  down: { key: 'ArrowDown', alt: true, does: 'Move the cue down' },
  approve: { key: 'y', does: 'Approve' },
  delete: { key: 'd', does: 'Delete, reject or dismiss' },
  restore: { key: 'r', does: 'Have it back' },
  mute: { key: 'u', does: 'Mute for five minutes, or unmute' },
  ban: { key: 'x', does: 'Ban from the event' },
  pin: { key: 'p', does: 'Pin or unpin' },
  live: { key: 'v', does: 'Answer the question now' },
  answered: { key: 'f', does: 'Answered' },
  open: { key: 'o', does: 'Open the poll, or open it again' },
  close: { key: 'k', does: 'Close the poll' },
  reveal: { key: 'w', does: 'Show the results' },
  archive: { key: 't', does: 'Archive the poll' },
} as const satisfies Record<string, Key>
export type LineKey = keyof typeof LINE_KEYS

const NAMES: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓' }

/** As it stands on a button: N, ⇧S, ⌥↑. */
export function keyText({ key, shift, alt }: Key): string {
  return `${alt ? 'Alt' : ''}${shift ? '⇧' : ''}${NAMES[key] ?? key.toUpperCase()}`
}

/** As `aria-keyshortcuts` has it. */
export function keyName({ key, shift, alt }: Key): string {
  return `${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key.length === 1 ? key.toUpperCase() : key}`
}

/** What a press is for, by its modifiers. */
export type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>

/** Whether this press is that key. A shifted sign such as `?` is what it is, whichever keys make it. */
export function pressed(press: Press, { key, shift, alt }: Key): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey !== (alt ?? false)) return false
  const letter = /^[a-z]$/.test(key)
  if ((letter || key.length > 1) && press.shiftKey !== (shift ?? false)) return false
  return letter ? press.key.toLowerCase() === key : press.key === key
}

/** Whether somebody writes there. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
