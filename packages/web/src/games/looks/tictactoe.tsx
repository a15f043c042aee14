import type { GameLook } from '../look.ts'

/** Crosses and noughts. */
export const look: GameLook = {
  title: 'Tic-tac-toe',
  pitch: 'Three in a row. A minute each.',
  pieces: ['Cross', 'Nought'],
  choiceOf: (field) => field,
  Piece: ({ side }) => (
    <svg viewBox="0 0 40 40" aria-hidden="true">
      {side === 0 ? (
        <path d="M10 10 30 30M30 10 10 30" fill="none" stroke="currentColor" strokeWidth="6" strokeLinecap="round" />
      ) : (
        <circle cx="20" cy="20" r="11.5" fill="none" stroke="currentColor" strokeWidth="6" />
      )}
    </svg>
  ),
}
