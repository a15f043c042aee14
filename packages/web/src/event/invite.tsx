import { audienceOf } from '@plenary/kinds'
import { IconAdjustmentsHorizontal, IconChartBar } from '@tabler/icons-react'
import { Dialog } from '../shell/dialog.tsx'
import { LinkButton } from '../shell/link-button.tsx'
import { Invitation } from './invitation.tsx'
import { useEventNow } from './session-context.ts'
import styles from './invitation.module.css'
import type { api } from '@plenary/kinds'

/** The invitation over the play page, and for those who run the event what they are likely to do next. */
export function Invite({ event, onClose }: { event: api.EventInfo; onClose(): void }) {
  const { me } = useEventNow()
  return (
    <Dialog title="Invite people" onClose={onClose}>
      <Invitation event={event} />
      {audienceOf(me.role) === 'staff' ? (
        <nav className={styles.onward} aria-label="What next">
          <LinkButton
            to="/e/$code/control"
            params={{ code: event.code }}
            search={{ poll: true }}
            leftSection={<IconChartBar size={20} stroke={1.75} />}
          >
            Ask a poll
          </LinkButton>
          <LinkButton
            to="/e/$code/control"
            params={{ code: event.code }}
            variant="light"
            leftSection={<IconAdjustmentsHorizontal size={20} stroke={1.75} />}
          >
            Control room
          </LinkButton>
        </nav>
      ) : null}
    </Dialog>
  )
}
