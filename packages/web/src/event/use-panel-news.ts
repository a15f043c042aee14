import { useRoomPart } from '@plenary/client/react'
import { myVote } from '@plenary/kinds'
import { pendingVotes } from '../polls/polls-room.ts'
import { useNews } from './use-news.ts'
import type { api, Panel } from '@plenary/kinds'
import type { PlayRooms } from './play-rooms.ts'

/** In which panels something came since they were last looked at; `shown` and `middle` are being looked at. */
export function usePanelNews(
  rooms: PlayRooms,
  me: api.Me,
  shown: Panel | null,
  middle: Panel | null,
): Partial<Record<Panel, boolean>> {
  const looking = (panel: Panel) => shown === panel || middle === panel
  const said = useRoomPart(
    rooms.chat,
    ({ view }) => view && (view.messages.findLast(({ by }) => by.id !== me.id)?.seq ?? 0),
  )
  const asked = useRoomPart(rooms.questions, ({ view }) => view && (view.questions.at(-1)?.seq ?? 0))
  const open = useRoomPart(rooms.polls, ({ view, mine, pending }) =>
    Boolean(
      view?.polls.some(
        (poll) =>
          poll.status === 'open' && mine !== null && myVote(mine, poll) === null && !pendingVotes(pending).has(poll.id),
      ),
    ),
  )
  return {
    polls: open === true && !looking('polls'),
    chat: useNews(said, looking('chat')),
    questions: useNews(asked, looking('questions')),
  }
}
