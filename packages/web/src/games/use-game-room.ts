import { useRoom } from '@plenary/client/react'
import { sideOf, type GameState, type RoomId, type Side } from '@plenary/kinds'
import { useEffect, useMemo } from 'react'
import { failureText } from '../shell/failure-text.ts'
import { useSpeech } from '../shell/announcer.tsx'
import type { Room, RoomSnapshot, Session } from '@plenary/client'
import type { BoardGame } from '@plenary/kinds'
import type { Game } from './look.ts'

export interface GameNow {
  room: Room<BoardGame>
  snapshot: RoomSnapshot<BoardGame>
  game: GameState | null
  /** The side that I play; null for who watches. */
  mine: Side | null
  /** My move that is not saved yet. */
  moving: number | null
}

/** A room with a game in it, as it is now. */
export function useGameRoom(session: Session, { kind }: Game, id: RoomId): GameNow {
  const room = useMemo(() => session.room(kind, id), [session, kind, id])
  const snapshot = useRoom(room)
  const game = snapshot.view
  const mine = game === null ? null : sideOf(game, session.me)
  const move = snapshot.pending.find(({ type, state }) => type === 'move' && state !== 'refused')
  const body = move?.body as { choice: number; round: number; turn: number } | undefined
  const current = body !== undefined && body.round === game?.round && body.turn === game.moves.length
  return { room, snapshot, game, mine, moving: current ? body.choice : null }
}

/** Says what was refused, and answers for me when I am asked whether I am there. To be used once for a game on a page. */
export function useGameDuties({ room, snapshot, game, mine }: GameNow): void {
  const { toast } = useSpeech()
  const called = game?.call ?? null
  const round = game?.round ?? 0
  const asked = called !== null && called.side === mine
  useEffect(() => {
    // Refused only when it is late, and then what came of it shows.
    if (asked) room.send('here', { round }).catch(() => undefined)
  }, [room, asked, round, called])

  const refused = snapshot.pending.find(({ state }) => state === 'refused')
  useEffect(() => {
    if (refused === undefined) return
    // `here` goes by itself: who did not press anything is not told off.
    if (refused.type !== 'here' && refused.failure) toast(refused.failure.message || failureText(null))
    room.discard(refused.id)
  }, [room, refused, toast])
}
