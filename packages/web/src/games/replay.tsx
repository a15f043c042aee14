import { ActionIcon, Button } from '@mantine/core'
import { lastField, sideAfter, type PastRound } from '@plenary/kinds'
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { Board } from './board.tsx'
import { resultText } from './words.ts'
import styles from './game-room.module.css'
import type { Game } from './look.ts'

/** A round that is over, move by move. */
export function Replay({ game, past, onClose }: { game: Game; past: readonly PastRound[]; onClose(): void }) {
  const [index, setIndex] = useState(past.length - 1)
  const [upTo, setUpTo] = useState(0)
  const round = past[index]
  if (round === undefined) return null
  const { moves, result, names } = round
  const shown = moves.slice(0, upTo)
  const field = lastField(game.kind.rules, shown)
  const end = upTo === moves.length
  const { columns } = game.kind.rules
  return (
    <section className={styles.replay} aria-label="Replay">
      <div className={styles.replayHead}>
        <label className={styles.rounds}>
          <span>Round</span>
          <select
            value={index}
            onChange={(event) => {
              setIndex(Number(event.currentTarget.value))
              setUpTo(0)
            }}
          >
            {past.map((each, at) => (
              <option key={each.round} value={at}>
                {each.round}: {each.names[0]} – {each.names[1]}
              </option>
            ))}
          </select>
        </label>
        <Button variant="subtle" leftSection={<IconX size={18} stroke={1.75} />} onClick={onClose}>
          Close replay
        </Button>
      </div>
      <Board game={game} moves={shown} result={end ? result : null} mayMove={false} />
      <p className={styles.status} role="status">
        {upTo === 0
          ? 'The beginning.'
          : `Move ${upTo} of ${moves.length}: ${names[sideAfter(upTo - 1)]}${field === null ? '' : `, row ${Math.floor(field / columns) + 1}, column ${(field % columns) + 1}`}.`}{' '}
        {end ? resultText(result, names, null) : null}
      </p>
      <div className={styles.steps}>
        <ActionIcon aria-label="One move back" disabled={upTo === 0} onClick={() => setUpTo(upTo - 1)}>
          <IconChevronLeft size={22} stroke={1.75} />
        </ActionIcon>
        <input
          type="range"
          aria-label="Moves shown"
          min={0}
          max={moves.length}
          value={upTo}
          onChange={(event) => setUpTo(Number(event.currentTarget.value))}
        />
        <ActionIcon aria-label="One move on" disabled={end} onClick={() => setUpTo(upTo + 1)}>
          <IconChevronRight size={22} stroke={1.75} />
        </ActionIcon>
      </div>
    </section>
  )
}
