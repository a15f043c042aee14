import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { KeyButton } from '../control/key-button.tsx'
import { useClient } from '../shell/client-provider.tsx'
import { useSpeech } from '../shell/announcer.tsx'
import { failureText } from '../shell/failure-text.ts'
import { remember } from '../shell/known-events.ts'
import { twinSettings, type EventNow } from './twin-settings.ts'
import type { api } from '@plenary/kinds'

/** Makes a twin of the event and goes there. */
export function RehearseButton({ event, now }: { event: api.EventInfo; now(): EventNow }) {
  const client = useClient()
  const navigate = useNavigate()
  const { toast } = useSpeech()
  const [busy, setBusy] = useState(false)
  const begin = () => {
    setBusy(true)
    client.http
      .post<{ event: api.EventInfo }>(`/api/events/${event.id}/rehearsals`, { settings: twinSettings(now()) })
      .then(
        ({ event: twin }) => {
          remember(twin)
          return navigate({ to: '/e/$code/control', params: { code: twin.code }, search: { of: event.code } })
        },
        (error: unknown) => {
          setBusy(false)
          toast(failureText(error))
        },
      )
  }
  return (
    <KeyButton kind="quiet" disabled={busy} onPress={begin}>
      Rehearse
    </KeyButton>
  )
}
