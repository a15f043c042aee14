import { Button } from '@mantine/core'
import { otherSide, type GameState, type Side } from '@plenary/kinds'
import { IconFlag, IconHandStop, IconHistory, IconRefresh } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { countdownText } from '../chat/times.ts'
import styles from './game-room.module.css'
import type { Room, Session } from '@plenary/client'
import type { BoardGame } from '@plenary/kinds'

/** How long the other may think before one may wonder whether they are there. */
const WONDER_MS = 8_000
const TICK_MS = 500

interface ActionsProps {
  session: Session
  room: Room<BoardGame>
  state: GameState
  mine: Side | null
  onReplay(): void
}

/** All that one can do beside moving, and only what one can do now. What is refused is said by the room. */
export function GameActions({ session, room, state, mine, onReplay }: ActionsProps) {
  const { round, seats, result, rematch } = state
  const free = seats.includes(null)
  const playing = state.turnAt !== null
  const quiet = (sent: Promise<unknown>) => void sent.catch(() => undefined)
  return (
    <div className={styles.actions}>
      {mine === null && free && state.settings.seating === 'open' ? (
        <Button size="lg" onClick={() => quiet(room.send('sit', {}))}>
          Take a seat
        </Button>
      ) : null}
      {mine !== null && result !== null && !free ? (
        rematch === mine ? (
          <Button disabled leftSection={<IconRefresh size={20} stroke={1.75} />}>
            Waiting for {seats[otherSide(mine)]?.name}
          </Button>
        ) : (
          <Button
            leftSection={<IconRefresh size={20} stroke={1.75} />}
            onClick={() => quiet(room.send('rematch', { round }))}
          >
            {rematch === null ? 'Play again' : 'Accept another round'}
          </Button>
        )
      ) : null}
      {mine !== null && playing ? (
        <>
          <Absence session={session} room={room} state={state} mine={mine} />
          <Resign onResign={() => quiet(room.send('resign', { round }))} />
        </>
      ) : null}
      {mine !== null && !playing ? (
        <Button variant="default" onClick={() => quiet(room.send('stand', {}))}>
          Leave the seat
        </Button>
      ) : null}
      {!playing && state.past.length > 0 ? (
        <Button variant="default" leftSection={<IconHistory size={18} stroke={1.75} />} onClick={onReplay}>
          Replay
        </Button>
      ) : null}
    </div>
  )
}

/** Pressed twice: once may be a slip. */
function Resign({ onResign }: { onResign(): void }) {
  const [sure, setSure] = useState(false)
  useEffect(() => {
    if (!sure) return
    const timer = setTimeout(() => setSure(false), SURE_MS)
    return () => clearTimeout(timer)
  }, [sure])
  return (
    <Button
      variant="default"
      {...(sure && { color: 'red' })}
      leftSection={<IconFlag size={18} stroke={1.75} />}
      onClick={() => (sure ? onResign() : setSure(true))}
    >
      <span aria-live="polite">{sure ? 'Really resign?' : 'Resign'}</span>
    </Button>
  )
}
const SURE_MS = 4_000

/** Asking whether the other is there, and ending the round of somebody who is not. */
function Absence({ session, room, state, mine }: Omit<ActionsProps, 'onReplay' | 'mine'> & { mine: Side }) {
  const [now, setNow] = useState(() => session.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(session.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [session])
  const { call, round, turnAt, moves, callAgainAt } = state
  const theirs = moves.length % 2 !== mine
  if (call !== null && call.side !== mine) {
    const left = call.until - now
    return (
      <Button
        variant="default"
        leftSection={<IconHandStop size={18} stroke={1.75} />}
        disabled={left > 0}
        onClick={() => void room.send('claim', { round }).catch(() => undefined)}
      >
        {left > 0 ? `Asked; no answer yet (${countdownText(left)})` : 'Claim the round'}
      </Button>
    )
  }
  if (!theirs || now < Math.max(callAgainAt, (turnAt ?? now) + WONDER_MS)) return null
  return (
    <Button
      variant="default"
      leftSection={<IconHandStop size={18} stroke={1.75} />}
      onClick={() => void room.send('call', { round }).catch(() => undefined)}
    >
      Still there?
    </Button>
  )
}
