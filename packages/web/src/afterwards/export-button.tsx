import { Button } from '@mantine/core'
import { audienceOf } from '@plenary/kinds'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useEventNow } from '../event/session-context.ts'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { saveAs } from '../shell/save-as.ts'

/** All of the event as a ZIP, for those who run it. */
export function ExportButton() {
  const { event, me } = useEventNow()
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  if (audienceOf(me.role) !== 'staff' || me.role === 'moderator') return null
  const save = async () => {
    setBusy(true)
    setFailure(null)
    try {
      saveAs(await client.http.download(`/api/events/${event.id}/export`), `${event.code}.zip`)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        variant="light"
        loading={busy}
        leftSection={<IconDownload size={20} stroke={1.75} aria-hidden="true" />}
        onClick={() => void save()}
      >
        Export as ZIP
      </Button>
      {failure === null ? null : <InlineFailure error={failure} />}
    </>
  )
}
