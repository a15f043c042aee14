import { audienceOf } from '@plenary/kinds'
import { IconLock } from '@tabler/icons-react'
import { useEventNow } from '../event/session-context.ts'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { ControlRoom } from './control-room.tsx'
import { UndoingProvider } from './undoing.tsx'

/** Where the evening is run from. Only for those who run it. */
export function ControlPage() {
  const { event, me } = useEventNow()
  usePageTitle(`Control room · ${event.title}`)
  if (audienceOf(me.role) !== 'staff')
    return (
      <Notice
        icon={<IconLock size={32} stroke={1.5} />}
        title="The control room is for the hosts"
        actions={
          <LinkButton to="/e/$code" params={{ code: event.code }}>
            Back to the event
          </LinkButton>
        }
      >
        <p>Ask the owner of “{event.title}” to make you a producer or a moderator.</p>
      </Notice>
    )
  return (
    <UndoingProvider>
      <ControlRoom />
    </UndoingProvider>
  )
}
