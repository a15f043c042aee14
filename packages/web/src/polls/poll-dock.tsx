import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { PollCard } from './poll-card.tsx'
import { inSight } from './polls-room.ts'
import { usePolls } from './use-polls.ts'
import styles from './dock.module.css'
import type { Millis } from '@plenary/kinds'
import type { PollsRoom } from './polls-room.ts'

/** How long a card stays after one has voted in it, in milliseconds, so that one sees what became of the vote. */
const LINGER_MS = 2_600

/** The poll that is open, at hand wherever else one is: a card until one has voted, a line afterwards. */
export function PollDock({ room, clock }: { room: PollsRoom; clock(): Millis }) {
  const { view, card } = usePolls(room)
  const [folded, setFolded] = useState<Readonly<Record<string, boolean>>>({})
  const [lingering, setLingering] = useState<string | null>(null)
  useEffect(() => {
    if (lingering === null) return
    const timer = setTimeout(() => setLingering(null), LINGER_MS)
    return () => clearTimeout(timer)
  }, [lingering])
  const open = view === null ? [] : inSight(view.polls).filter(({ status }) => status === 'open')
  const cards = open.map(card)
  const current =
    cards.find(({ poll: { id } }) => id === lingering) ??
    cards.find(({ vote, pending }) => vote === null && pending === undefined) ??
    cards[0]
  if (current === undefined) return null
  const { poll, vote, pending } = current
  const voted = vote !== null || (pending !== undefined && pending.state !== 'refused')
  const shown = lingering === poll.id || !(folded[poll.id] ?? voted)
  const toggle = () => {
    setLingering(null)
    setFolded({ ...folded, [poll.id]: shown })
  }
  return (
    <aside className={styles.dock} aria-label="Open poll">
      {shown ? (
        <div className={styles.card}>
          <PollCard
            key={poll.id}
            {...current}
            clock={clock}
            onVote={(target, answer) => {
              current.onVote(target, answer)
              setLingering(target.id)
            }}
            corner={
              <button
                type="button"
                className={styles.fold}
                aria-expanded="true"
                aria-label="Fold the poll"
                onClick={toggle}
              >
                <IconChevronUp size={20} aria-hidden="true" />
              </button>
            }
          />
        </div>
      ) : (
        <button type="button" className={styles.line} aria-expanded="false" onClick={toggle}>
          <span className={styles.mark} data-voted={voted || undefined}>
            {voted ? 'Voted' : 'Vote now'}
          </span>
          <span className={styles.title} dir="auto">
            {poll.title}
          </span>
          <IconChevronDown size={20} aria-hidden="true" />
        </button>
      )}
    </aside>
  )
}
