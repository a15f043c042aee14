import { REACTIONS } from '@plenary/kinds'
import type { Room } from '@plenary/client'
import type { Reaction } from '@plenary/kinds'
import type { stage } from '@plenary/kinds/client'
import type { OnReactions } from './burst.tsx'

/** How each looks, and what it is called where it is not seen. */
export const FACES: Record<Reaction, { face: string; name: string }> = {
  clap: { face: '👏', name: 'Applause' },
  heart: { face: '❤️', name: 'Heart' },
  party: { face: '🎉', name: 'Party' },
  laugh: { face: '😂', name: 'Laughter' },
  yes: { face: '👍', name: 'Yes' },
  no: { face: '👎', name: 'No' },
}

/** What the audience sends to a stage, as it is told: sums of all, now and then. */
export function reactionsOf(room: Room<typeof stage>): OnReactions {
  return (listener) =>
    room.onSignal(({ type, by, body }) => {
      if (type !== 'react' || by !== null) return
      const sums = body as Partial<Record<Reaction, number>>
      listener(
        Object.fromEntries(
          REACTIONS.flatMap((what) => (sums[what] === undefined ? [] : [[FACES[what].face, sums[what]]])),
        ),
      )
    })
}
