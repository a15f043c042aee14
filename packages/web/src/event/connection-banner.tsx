import { Button } from '@mantine/core'
import { IconCloudOff, IconLoader2, IconPlugConnectedX } from '@tabler/icons-react'
import { countdownText } from '../chat/times.ts'
import { tryNow } from '../shell/nudge.ts'
import { useNowUntil } from '../shell/now.ts'
import styles from './banner.module.css'
import type { Status } from '@plenary/client'

/** How it stands with the connection, whenever that is worth a word; always in the page, so that changes are read out. */
export function ConnectionBanner({ status, ended }: { status: Status; ended: boolean }) {
  const { connection, nextTryAt, pending } = status
  return (
    <div className={styles.banner} role="status" aria-label="Connection" data-connection={connection}>
      {connection === 'connecting' ? (
        <p>
          <IconLoader2 className={styles.turning} size={18} aria-hidden="true" />
          Connecting…
        </p>
      ) : null}
      {connection === 'waiting' ? (
        <p>
          <IconPlugConnectedX size={18} aria-hidden="true" />
          <span>
            Connection lost. {nextTryAt === undefined ? 'Trying again.' : <Countdown until={nextTryAt} />}{' '}
            <Kept pending={pending} />
          </span>
          <Button size="sm" variant="subtle" onClick={tryNow}>
            Try now
          </Button>
        </p>
      ) : null}
      {connection === 'offline' ? (
        <p>
          <IconCloudOff size={18} aria-hidden="true" />
          <span>
            You are offline. {pending > 0 ? <Kept pending={pending} /> : 'What you write is kept on this device.'}
          </span>
        </p>
      ) : null}
      {connection === 'online' && ended ? <p>This event has ended. Only the hosts can still come in.</p> : null}
    </div>
  )
}

function Kept({ pending }: { pending: number }) {
  if (pending === 0) return null
  return <>{pending === 1 ? 'What you sent is' : `${pending} things that you sent are`} kept on this device.</>
}

function Countdown({ until }: { until: number }) {
  const now = useNowUntil(until)
  // The seconds run for the eye only; read out every half second they would drown everything else.
  return until <= now ? (
    <>Trying again.</>
  ) : (
    <>
      Trying again <span aria-hidden="true">in {countdownText(until - now)}</span>.
    </>
  )
}
