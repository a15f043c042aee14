import type { GameLook } from '../look.ts'

/** Discs, told apart by shape as well as by colour. */
export const look: GameLook = {
  title: 'Connect four',
  pitch: 'Drop discs, four in a row. Three minutes each.',
  pieces: ['Solid disc', 'Ring'],
  choiceOf: (field) => field % 7,
  Piece: ({ side }) => (
    <svg viewBox="0 0 40 40" aria-hidden="true">
      {side === 0 ? (
        <circle cx="20" cy="20" r="17" fill="currentColor" />
      ) : (
        <circle cx="20" cy="20" r="13" fill="none" stroke="currentColor" strokeWidth="8" />
      )}
    </svg>
  ),
}
