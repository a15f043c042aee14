import { Button } from '@mantine/core'
import { useRoom } from '@plenary/client/react'
import { levelOf, reaches } from '@plenary/kinds/document'
import { Link, useParams } from '@tanstack/react-router'
import { IconArrowLeft, IconFileOff, IconHandStop } from '@tabler/icons-react'
import { useEventNow, useEventRoot } from '../event/session-context.ts'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Queries } from '../shell/queries.tsx'
import { DocumentDesk } from './document-desk.tsx'
import { useOpenDocument, useProvider } from './open-document.ts'
import type { api, RoomId } from '@plenary/kinds'
import type { OpenDocument } from './open-document.ts'

/** A document of an event, or one on its own, to read and to write in together. */
export function DocumentPage() {
  const { room: id } = useParams({ from: '/e/$code/d/$room' })
  const session = useEventRoot()
  const { event } = useEventNow()
  const known = event.rooms.find((room) => room.id === id && room.kind === 'document')
  if (known === undefined)
    return (
      <Notice
        icon={<IconFileOff size={32} stroke={1.5} />}
        title="There is no such document"
        actions={<BackButton event={event} />}
      >
        <p>It may have been taken away, or the link is not whole.</p>
      </Notice>
    )
  return (
    <Opened key={known.id} id={known.id} title={event.form === 'room' ? event.title : known.title} session={session} />
  )
}

function Opened({ id, title, session }: { id: RoomId; title: string; session: ReturnType<typeof useEventRoot> }) {
  const { open, again } = useOpenDocument(session, id)
  usePageTitle(title)
  return open === null ? <PageLoading /> : <WithRoom open={open} title={title} again={again} />
}

function WithRoom({ open, title, again }: { open: OpenDocument; title: string; again(): void }) {
  const { me, event } = useEventNow()
  const { state, view, role, failure, presence } = useRoom(open.room)
  const { synced, durable } = useProvider(open.provider)
  if (state === 'refused')
    return (
      <Notice
        icon={<IconHandStop size={32} stroke={1.5} />}
        title="This document is not open to you"
        actions={<BackButton event={event} />}
      >
        <p>{failure?.message}</p>
      </Notice>
    )
  // Before the server has answered, what this device keeps can be read and written already.
  if (view === null && !durable) return <PageLoading />
  const level = view === null ? 'edit' : levelOf(view.sharing, { id: me.id, role })
  return (
    <Queries>
      <DocumentDesk
        open={open}
        title={title}
        me={{ id: me.id, name: me.name, role }}
        view={view}
        members={presence.members}
        mayEdit={reaches(level, 'edit')}
        mayComment={synced && reaches(level, 'comment')}
        again={again}
        back={
          <Link
            to={event.form === 'room' ? '/documents' : '/e/$code'}
            params={{ code: event.code }}
            aria-label={event.form === 'room' ? 'All documents' : `Back to ${event.title}`}
          >
            <IconArrowLeft size={22} stroke={1.75} aria-hidden="true" />
          </Link>
        }
      />
    </Queries>
  )
}

function BackButton({ event }: { event: api.EventInfo }) {
  return (
    <>
      {event.form === 'room' ? (
        <LinkButton to="/documents">All documents</LinkButton>
      ) : (
        <LinkButton to="/e/$code" params={{ code: event.code }}>
          Back to the event
        </LinkButton>
      )}
      <Button variant="subtle" onClick={() => location.reload()}>
        Try again
      </Button>
    </>
  )
}
