import { useSession } from '@plenary/client/react'
import { audienceOf } from '@plenary/kinds'
import { Button } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { useEffect } from 'react'
import { LinkButton } from '../shell/link-button.tsx'
import { Notice } from '../shell/notice.tsx'
import { PageLoading } from '../shell/page-loading.tsx'
import { EndedPage } from './ended-page.tsx'
import type { Session } from '@plenary/client'
import type { ReactNode } from 'react'

interface RevokedGateProps {
  session: Session
  /** Knocks again. */
  again(): void
  children: ReactNode
}

/** Shows the event while the right to it stands, and one clear page once it is gone. */
export function RevokedGate({ session, again, children }: RevokedGateProps) {
  const { status, event, me } = useSession(session)
  const ended = status.connection === 'revoked' && status.revoked?.code === 'event_ended'
  // The end shows everyone out; those who run the event may come straight back.
  const returns = ended && audienceOf(me.role) === 'staff'
  useEffect(() => {
    if (returns) again()
  }, [returns, again])
  if (status.connection !== 'revoked') return children
  if (returns) return <PageLoading />
  if (ended) return <EndedPage title={event.title} />
  const banned = status.revoked?.code === 'banned'
  return (
    <Notice
      icon={<IconHandStop size={32} stroke={1.5} />}
      title={banned ? 'You were removed from this event' : 'You were asked to leave'}
      actions={
        <>
          {banned ? null : <Button onClick={again}>Come in again</Button>}
          <LinkButton to="/" variant={banned ? 'filled' : 'subtle'}>
            Go to the start
          </LinkButton>
        </>
      }
    >
      <p>
        {banned
          ? `The hosts of “${event.title}” have banned you. If you think that is a mistake, speak to them directly.`
          : `The hosts of “${event.title}” ended your visit.`}
      </p>
    </Notice>
  )
}
