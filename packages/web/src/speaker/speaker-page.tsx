import { stage } from '@plenary/kinds/client'
import { IconLock } from '@tabler/icons-react'
import { useEventNow } from '../event/session-context.ts'
import { may } from '../control/may.ts'
import { useRoomOf } from '../control/rooms.ts'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { SpeakerView } from './speaker-view.tsx'

/** What somebody on the stage needs before them, and nothing else. For speakers and those who run the event. */
export function SpeakerPage() {
  const { event, me } = useEventNow()
  const room = useRoomOf(stage)
  usePageTitle(`Speaker · ${event.title}`)
  const back = (
    <LinkButton to="/e/$code" params={{ code: event.code }}>
      Back to the event
    </LinkButton>
  )
  if (!may(stage, 'standby', me.role))
    return (
      <Notice icon={<IconLock size={32} stroke={1.5} />} title="The speaker’s view is for speakers" actions={back}>
        <p>Ask the owner of “{event.title}” to make you a speaker.</p>
      </Notice>
    )
  if (room === null)
    return (
      <Notice title="This event has no stage" actions={back}>
        <p>It was made before there were rundowns.</p>
      </Notice>
    )
  return <SpeakerView room={room} />
}
