import { ActionIcon, Button } from '@mantine/core'
import { audienceOf } from '@plenary/kinds'
import { Link } from '@tanstack/react-router'
import {
  IconAdjustmentsHorizontal,
  IconFileText,
  IconMicrophone2,
  IconSettings,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react'
import { LinkButton } from '../shell/link-button.tsx'
import { Mark } from '../shell/mark.tsx'
import { Headcount } from './headcount.tsx'
import styles from './play.module.css'
import type { api } from '@plenary/kinds'
import type { ChatRoom } from '../chat/chat-room.ts'

interface PlayHeaderProps {
  event: api.EventInfo
  me: api.Me
  /** Whose people are counted. */
  room: ChatRoom | null
  wide: boolean
  onPeople(): void
  onInvite(): void
}

/** Which event this is, and what leads elsewhere. */
export function PlayHeader({ event, me, room, wide, onPeople, onInvite }: PlayHeaderProps) {
  const staff = audienceOf(me.role) === 'staff'
  const notes = event.rooms.find(({ kind }) => kind === 'document')
  const organises = me.role === 'owner' || me.role === 'producer'
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.home} aria-label="Plenary, start">
        <Mark size={30} />
      </Link>
      <div className={styles.titles}>
        <h1>{event.title}</h1>
        <code data-testid="event-code">{event.code}</code>
      </div>
      <nav className={styles.tools} aria-label="Event">
        {room && !wide ? (
          <button type="button" className={styles.count} onClick={onPeople}>
            <IconUsers size={20} stroke={1.75} aria-hidden="true" />
            <span className={styles.hidden}>People</span> <Headcount room={room} />
          </button>
        ) : null}
        {wide ? (
          <Button variant="light" leftSection={<IconUserPlus size={20} stroke={1.75} />} onClick={onInvite}>
            Invite
          </Button>
        ) : (
          <ActionIcon aria-label="Invite" onClick={onInvite}>
            <IconUserPlus size={22} stroke={1.75} />
          </ActionIcon>
        )}
        {/* On a phone, those who run the event have no room for it beside their own tools. */}
        {notes && (wide || !staff) ? (
          <Link
            to="/e/$code/d/$room"
            params={{ code: event.code, room: notes.id }}
            className={styles.tool}
            aria-label={notes.title}
            title={notes.title}
          >
            <IconFileText size={22} stroke={1.75} aria-hidden="true" />
          </Link>
        ) : null}
        {me.role === 'speaker' ? (
          <Link
            to="/e/$code/speaker"
            params={{ code: event.code }}
            className={styles.tool}
            aria-label="Speaker’s view"
            title="Speaker’s view"
          >
            <IconMicrophone2 size={22} stroke={1.75} aria-hidden="true" />
          </Link>
        ) : null}
        {staff && wide ? (
          <LinkButton
            to="/e/$code/control"
            params={{ code: event.code }}
            leftSection={<IconAdjustmentsHorizontal size={20} stroke={1.75} />}
          >
            Control room
          </LinkButton>
        ) : null}
        {staff && !wide ? (
          <Link
            to="/e/$code/control"
            params={{ code: event.code }}
            className={styles.tool}
            aria-label="Control room"
            title="Control room"
          >
            <IconAdjustmentsHorizontal size={22} stroke={1.75} aria-hidden="true" />
          </Link>
        ) : null}
        {organises ? (
          <Link
            to="/e/$code/settings"
            params={{ code: event.code }}
            className={styles.tool}
            aria-label="Settings"
            title="Settings"
          >
            <IconSettings size={22} stroke={1.75} aria-hidden="true" />
          </Link>
        ) : null}
      </nav>
    </header>
  )
}
