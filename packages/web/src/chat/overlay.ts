import type { ChatSnapshot } from './chat-room.ts'

/** What of mine about one message is asked for and not yet in the log. */
export interface Overlay {
  /** The text that an edit will give it. */
  text?: string
  /** My reactions as they will be, by emoji. */
  reacts: Record<string, boolean>
  /** Not even sent yet. */
  kept: boolean
}

/** By message: what waits in the outbox, later commands over earlier ones. */
export function overlaysOf(pending: ChatSnapshot['pending']): Map<number, Overlay> {
  const overlays = new Map<number, Overlay>()
  for (const { type, body, state } of pending) {
    if (state === 'refused' || (type !== 'edit' && type !== 'react')) continue
    const { target, ...asked } = body as { target: number; text?: string; emoji?: string; on?: boolean }
    const overlay = overlays.get(target) ?? { reacts: {}, kept: false }
    if (asked.text !== undefined) overlay.text = asked.text
    if (asked.emoji !== undefined) overlay.reacts[asked.emoji] = asked.on === true
    overlay.kept ||= state === 'kept'
    overlays.set(target, overlay)
  }
  return overlays
}

/** A reaction as it is drawn: counted by the room, corrected by what I have asked for since. */
export interface Chip {
  emoji: string
  count: number
  mine: boolean
}

export function chipsOf(
  counts: Record<string, number>,
  mine: readonly string[],
  asked: Record<string, boolean>,
): Chip[] {
  const chips = Object.entries(counts).map(([emoji, count]) => ({ emoji, count, mine: mine.includes(emoji) }))
  for (const [emoji, on] of Object.entries(asked)) {
    const chip = chips.find((other) => other.emoji === emoji)
    if (!chip && on) chips.push({ emoji, count: 1, mine: true })
    else if (chip && chip.mine !== on) {
      chip.count += on ? 1 : -1
      chip.mine = on
    }
  }
  return chips.filter(({ count }) => count > 0)
}
