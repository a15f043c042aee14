import { IconMoodPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { MORE_EMOJI, QUICK_EMOJI } from './emoji.ts'
import { moveAmongReactions } from './move-focus.ts'
import styles from './menu.module.css'

interface ReactionPickerProps {
  reacted: readonly string[]
  onPick(emoji: string): void
}

/** A few reactions at once, more behind a button. */
export function ReactionPicker({ reacted, onPick }: ReactionPickerProps) {
  const [more, setMore] = useState(false)
  const emoji = (symbol: string) => (
    <button
      key={symbol}
      type="button"
      data-menu-item
      className={styles.emoji}
      role="menuitemcheckbox"
      aria-label={`React with ${symbol}`}
      aria-checked={reacted.includes(symbol)}
      onKeyDown={moveAmongReactions}
      onClick={() => onPick(symbol)}
    >
      {symbol}
    </button>
  )
  return (
    <div className={styles.picker} role="group" aria-label="Reactions">
      {QUICK_EMOJI.map(emoji)}
      {more ? (
        MORE_EMOJI.map(emoji)
      ) : (
        <button
          type="button"
          role="menuitem"
          data-menu-item
          className={styles.emoji}
          aria-label="More reactions"
          onKeyDown={moveAmongReactions}
          onClick={() => setMore(true)}
        >
          <IconMoodPlus size={20} stroke={1.75} />
        </button>
      )}
    </div>
  )
}
