import { Button } from '@mantine/core'
import { PlenaryError } from '@plenary/kinds'
import { Outlet, useMatch, useParams } from '@tanstack/react-router'
import { IconDoorOff, IconHandStop, IconWifiOff } from '@tabler/icons-react'
import { Suspense, lazy, useState } from 'react'
import { failureText } from '../shell/failure-text.ts'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { EndedPage } from './ended-page.tsx'
import { useEventSession } from './event-session.ts'
import { JoinPage } from './join-page.tsx'
import { RevokedGate } from './revoked-gate.tsx'
import { EventRootContext } from './session-context.ts'
import type { Session } from '@plenary/client'
import type { Edited } from './session-context.ts'

const OwnRoom = lazy(() => import('./own-room.tsx').then(({ OwnRoom: component }) => ({ default: component })))

/** Everything under an event's code: the door for those outside, the session for those inside. */
export function EventPage() {
  const { code } = useParams({ from: '/e/$code' })
  const { entrance, join, again } = useEventSession(code)
  const [edited, setEdited] = useState<Edited | null>(null)
  switch (entrance.step) {
    case 'looking':
      return <PageLoading />
    case 'outside':
      return entrance.peek.status === 'ended' ? (
        <EndedPage title={entrance.peek.title} />
      ) : (
        <JoinPage title={entrance.peek.title} code={entrance.peek.code} join={join} />
      )
    case 'inside':
      return (
        <EventRootContext value={{ session: entrance.session, edited, setEdited }}>
          <RevokedGate session={entrance.session} again={again}>
            <Inside session={entrance.session} />
          </RevokedGate>
        </EventRootContext>
      )
    case 'failed':
      return <EntranceFailed error={entrance.error} code={code} again={again} />
  }
}

/** An event's pages; a room on its own has no front page, only its own. */
function Inside({ session }: { session: Session }) {
  const front = useMatch({ from: '/e/$code/', shouldThrow: false }) !== undefined
  if (!front || session.event.form !== 'room') return <Outlet />
  return (
    <Suspense fallback={<PageLoading />}>
      <OwnRoom event={session.event} />
    </Suspense>
  )
}

function EntranceFailed({ error, code, again }: { error: unknown; code: string; again(): void }) {
  const reason = error instanceof PlenaryError ? (error.reason ?? error.code) : null
  usePageTitle(reason === 'not_found' ? 'No such event' : 'Not connected')
  if (reason === 'event_ended') return <EndedPage title="" />
  if (reason === 'not_found')
    return (
      <Notice
        icon={<IconDoorOff size={32} stroke={1.5} />}
        title="No event has this code"
        actions={<LinkButton to="/">Try another code</LinkButton>}
      >
        <p>
          Nothing is open under <strong>{code}</strong>. Codes are easy to mistype: compare it with the screen or the
          invitation.
        </p>
      </Notice>
    )
  const final = error instanceof PlenaryError && !error.temporary
  return (
    <Notice
      icon={final ? <IconHandStop size={32} stroke={1.5} /> : <IconWifiOff size={32} stroke={1.5} />}
      title={final ? 'You cannot come in' : 'The event cannot be reached'}
      actions={
        <>
          {final ? null : <Button onClick={again}>Try again</Button>}
          <LinkButton to="/" variant={final ? 'filled' : 'subtle'}>
            Go to the start
          </LinkButton>
        </>
      }
    >
      <p>{failureText(error)}</p>
    </Notice>
  )
}
