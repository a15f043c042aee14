import { useSession } from '@plenary/client/react'
import { audienceOf } from '@plenary/kinds'
import { useEffect, useState } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { Board } from './board.tsx'
import { GameActions } from './game-actions.tsx'
import { HostsSeating } from './hosts-seating.tsx'
import { Replay } from './replay.tsx'
import { Seats } from './seats.tsx'
import { useGameDuties, useGameRoom } from './use-game-room.ts'
import { lastMoveText, statusText } from './words.ts'
import styles from './game-room.module.css'
import type { Session } from '@plenary/client'
import type { RoomId } from '@plenary/kinds'
import type { Game } from './look.ts'

interface GameRoomProps {
  session: Session
  game: Game
  id: RoomId
  /** Shown to a hall: who may not play here has nothing to press. */
  onStage?: boolean
}

/** A game: who plays, the board, and what one can do. The same on its own page and on the stage of an event. */
export function GameRoom({ session, game, id, onStage = false }: GameRoomProps) {
  const now = useGameRoom(session, game, id)
  useGameDuties(now)
  const { room, snapshot, game: state, mine, moving } = now
  const { status } = useSession(session)
  const { announce } = useSpeech()
  const [replay, setReplay] = useState(false)

  const text = state === null ? '' : statusText(state, mine)
  const moves = state?.moves.length ?? 0
  const spoken = state === null ? '' : `${lastMoveText(game.kind.rules, state)} ${text}`.trim()
  useEffect(() => announce(spoken), [announce, spoken])

  if (snapshot.failure) return <InlineFailure error={snapshot.failure} />
  if (state === null) return <PageLoading />
  if (replay) return <Replay game={game} past={state.past} onClose={() => setReplay(false)} />
  const myTurn = state.turnAt !== null && mine !== null && moves % 2 === mine
  const watching = Math.max(0, snapshot.presence.total - state.seats.filter((seat) => seat !== null).length)
  return (
    <section className={styles.game} data-stage={onStage || undefined} aria-label={game.look.title}>
      <Seats session={session} game={game} state={state} mine={mine} />
      <p className={styles.status} data-testid="game-status">
        <strong>{text}</strong>{' '}
        <small>
          {moving !== null ? (status.connection === 'online' ? 'Saving…' : 'Your move is kept on this device.') : null}
          {moving === null && watching > 0 ? (watching === 1 ? '1 watching' : `${watching} watching`) : null}
        </small>
      </p>
      <Board
        game={game}
        moves={state.moves}
        result={state.result}
        mayMove={myTurn}
        moving={moving}
        // What comes of it shows on the board, or is said when it is refused.
        onChoose={(choice) =>
          void room.send('move', { round: state.round, turn: moves, choice }).catch(() => undefined)
        }
      />
      {state.settings.seating === 'hosts' && audienceOf(snapshot.role) === 'staff' ? (
        <HostsSeating game={game} room={room} state={state} presence={snapshot.presence} />
      ) : null}
      {onStage && mine === null && state.settings.seating === 'hosts' ? null : (
        <GameActions session={session} room={room} state={state} mine={mine} onReplay={() => setReplay(true)} />
      )}
    </section>
  )
}
