import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useSpeech } from '../shell/announcer.tsx'
import { useClient } from '../shell/client-provider.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { changeEvent } from './event-calls.ts'
import styles from './settings.module.css'
import type { api } from '@plenary/kinds'

/** Ends the event after a second thought, and opens it again. For the owner. */
export function EndEvent({ event, onChanged }: { event: api.EventInfo; onChanged(event: api.EventInfo): void }) {
  const client = useClient()
  const { toast } = useSpeech()
  const [asking, setAsking] = useState(false)
  const change = useMutation({
    mutationFn: (status: 'live' | 'ended') => changeEvent(client, event.id, { status }),
    onSuccess: (changed) => {
      setAsking(false)
      toast(changed.status === 'ended' ? 'The event has ended.' : 'The event is open again.')
      onChanged(changed)
    },
  })
  const live = event.status === 'live'
  return (
    <section className={styles.card} data-danger={live || undefined} aria-labelledby="end-title">
      <h2 id="end-title">{live ? 'End the event' : 'The event has ended'}</h2>
      <p className={styles.text}>
        {live
          ? 'Everyone but the hosts is shown out, and nobody can join any more. Nothing is deleted, and you can open it again.'
          : 'Only the hosts can come in. Open it again to let everyone back.'}
      </p>
      {change.isError && !asking ? <InlineFailure error={change.error} /> : null}
      {live ? (
        <Button variant="light" color="danger" className={styles.save} onClick={() => setAsking(true)}>
          End event
        </Button>
      ) : (
        <Button className={styles.save} loading={change.isPending} onClick={() => change.mutate('live')}>
          Reopen event
        </Button>
      )}
      <Dialog opened={asking} onClose={() => setAsking(false)} title={`End “${event.title}”?`}>
        <div className={styles.confirm}>
          <p>Everyone but the hosts leaves at once.</p>
          {change.isError ? <InlineFailure error={change.error} /> : null}
          <div className={styles.confirmButtons}>
            <Button variant="default" onClick={() => setAsking(false)}>
              Keep it open
            </Button>
            <Button color="danger" loading={change.isPending} onClick={() => change.mutate('ended')}>
              Yes, end it
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  )
}
