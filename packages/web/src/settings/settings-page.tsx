import { IconArrowLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { ConnectionBanner } from '../event/connection-banner.tsx'
import { Invitation } from '../event/invitation.tsx'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { useChatRoom } from '../event/use-chat-room.ts'
import { OverlaysSection } from '../overlay/overlays-section.tsx'
import { Frame } from '../shell/frame.tsx'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Queries } from '../shell/queries.tsx'
import { EndEvent } from './end-event.tsx'
import { EventForm } from './event-form.tsx'
import { GamesSection } from './games-section.tsx'
import { RolesSection } from './roles-section.tsx'
import styles from './settings.module.css'

/** Where the organiser sets the event up: its name and code, the invitation, who may do what, and its end. */
export function SettingsPage() {
  const session = useEventRoot()
  const room = useChatRoom(session)
  const { event, me, status, edit } = useEventNow()
  usePageTitle(`Settings · ${event.title}`)
  if (me.role !== 'owner' && me.role !== 'producer')
    return (
      <Notice
        title="Only the organisers can change the settings"
        actions={
          <LinkButton to="/e/$code" params={{ code: event.code }}>
            Back to the event
          </LinkButton>
        }
      >
        <p>Ask the owner of “{event.title}” to make you a producer.</p>
      </Notice>
    )
  return (
    <Queries>
      <ConnectionBanner status={status} ended={false} />
      <Frame>
        <Link to="/e/$code" params={{ code: event.code }} className={styles.back}>
          <IconArrowLeft size={20} stroke={1.75} aria-hidden="true" />
          Back to the event
        </Link>
        <h1 className={styles.title}>Settings</h1>
        <div className={styles.columns}>
          <div className={styles.column}>
            <section className={styles.card} aria-labelledby="event-title">
              <h2 id="event-title">Event</h2>
              {/* A new form when the saved event changes, so that the fields start from what is saved. */}
              <EventForm key={`${event.title}\n${event.code}`} event={event} onChanged={edit} />
            </section>
            <RolesSection event={event} me={me} room={room} />
            <GamesSection event={event} onChanged={edit} />
            <OverlaysSection event={event} />
            {me.role === 'owner' ? <EndEvent event={event} onChanged={edit} /> : null}
          </div>
          <section className={styles.card} aria-labelledby="invite-title">
            <h2 id="invite-title">Invitation</h2>
            <Invitation event={event} download />
          </section>
        </div>
      </Frame>
    </Queries>
  )
}
