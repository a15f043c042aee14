import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconUserPlus } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { remember } from '../shell/known-events.ts'
import styles from './game-page.module.css'
import type { Session } from '@plenary/client'

/** How often the server is told that one still waits. */
const STILL_MS = 5_000

interface WaitProps {
  session: Session
  /** For anyone who looks for a game, not for somebody who was sent the link. */
  matching: boolean
  onInvite(): void
}

/** Waiting for the second player. In a quick match the server may say that somebody has waited for longer elsewhere. */
export function WaitForOther({ session, matching, onInvite }: WaitProps) {
  const client = useClient()
  const navigate = useNavigate()
  const { id } = session.event
  useEffect(() => {
    if (!matching) return
    let gone = false
    const still = async (): Promise<void> => {
      const { event } = await client.stillWaiting(id)
      const [room] = event.rooms
      if (gone || event.id === id || room === undefined) return
      remember(event)
      const params = { code: event.code, room: room.id }
      await navigate({ to: '/e/$code/g/$room', params, search: { match: true }, replace: true })
    }
    // One that fails is made up for by the next.
    const timer = setInterval(() => void still().catch(() => undefined), STILL_MS)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [client, navigate, id, matching])
  return (
    <div className={styles.waiting}>
      <p>
        {matching
          ? 'Looking for somebody to play with. It begins when they come.'
          : 'Send the link; it begins when they come.'}
      </p>
      <Button
        leftSection={<IconUserPlus size={20} stroke={1.75} />}
        variant={matching ? 'default' : 'filled'}
        onClick={onInvite}
      >
        Invite a friend
      </Button>
    </div>
  )
}
