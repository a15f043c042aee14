import { Button } from '@mantine/core'
import { audienceOf } from '@plenary/kinds'
import { useMutation } from '@tanstack/react-query'
import { IconDownload } from '@tabler/icons-react'
import { useEventNow } from '../event/session-context.ts'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { saveAs } from '../shell/save-as.ts'

/** All of the event as a ZIP, for those who run it. */
export function ExportButton() {
  const { event, me } = useEventNow()
  const client = useClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      saveAs(await client.http.download(`/api/events/${event.id}/export`), `${event.code}.zip`)
    },
  })
  if (audienceOf(me.role) !== 'staff' || me.role === 'moderator') return null
  return (
    <>
      <Button
        variant="light"
        loading={isPending}
        leftSection={<IconDownload size={20} stroke={1.75} aria-hidden="true" />}
        onClick={() => mutate()}
      >
        Export as ZIP
      </Button>
      {error === null ? null : <InlineFailure error={error} />}
    </>
  )
}
