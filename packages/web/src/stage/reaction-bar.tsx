import { REACTIONS, STAGE_LIMITS } from '@plenary/kinds'
import { IconMoodPlus, IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { FACES } from './reactions.ts'
import { tapBuffer } from './tap-buffer.ts'
import styles from './reaction-bar.module.css'
import type { Reaction } from '@plenary/kinds'

/** Reactions to send with a thumb, as fast as it likes. `tell` is the same function as long as it tells the same people. */
export function ReactionBar({ tell }: { tell(counts: Partial<Record<Reaction, number>>): void }) {
  const [open, setOpen] = useState(false)
  const buffer = useMemo(() => tapBuffer(tell, STAGE_LIMITS.tapsPerSignal), [tell])
  useEffect(() => () => buffer.stop(), [buffer])
  return (
    <div className={styles.bar} role="group" aria-label="Reactions" data-open={open || undefined}>
      {open
        ? REACTIONS.map((what) => (
            <button
              key={what}
              type="button"
              className={styles.reaction}
              aria-label={FACES[what].name}
              onClick={() => buffer.tap(what)}
            >
              {FACES[what].face}
            </button>
          ))
        : null}
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        aria-label={open ? 'Close reactions' : 'React'}
        onClick={() => setOpen(!open)}
      >
        {open ? (
          <IconX size={22} stroke={1.75} aria-hidden="true" />
        ) : (
          <IconMoodPlus size={24} stroke={1.75} aria-hidden="true" />
        )}
      </button>
    </div>
  )
}
