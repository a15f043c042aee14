import { useRoomPart } from '@plenary/client/react'
import { resultsOf } from '@plenary/kinds'
import { polls, stage } from '@plenary/kinds/client'
import { useKindRoom } from '../event/use-kind-room.ts'
import { inSight } from '../polls/polls-room.ts'
import { OverlayPoll } from './overlay-poll.tsx'
import type { Session } from '@plenary/client'
import type { PollsDigest } from '@plenary/kinds'

/** The poll that is on the stage; else the one that is open, or the last that was. */
export function OverlayPollNow({ session }: { session: Session }) {
  const room = useKindRoom(session, polls)
  const view = useRoomPart(room, (snapshot) => snapshot.view)
  const digest = useRoomPart(room, (snapshot) => snapshot.digest) as PollsDigest | null
  const item = useRoomPart(useKindRoom(session, stage), ({ view: seen }) =>
    seen?.show?.scene.layout === 'poll' ? (seen.show.scene.item ?? null) : null,
  )
  if (view === null) return null
  const list = inSight(view.polls)
  const poll = list.find(({ id }) => id === item) ?? list[0]
  return poll === undefined ? null : (
    <OverlayPoll key={poll.id} poll={poll} results={resultsOf(poll, view, digest)} clock={session.now} />
  )
}
