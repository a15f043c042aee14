import { Button } from '@mantine/core'
import { audienceOf } from '@plenary/kinds'
import { IconDownload, IconTable } from '@tabler/icons-react'
import { useState } from 'react'
import { useEventNow } from '../event/session-context.ts'
import { useClient } from '../shell/client-provider.tsx'
import { InlineFailure } from '../shell/inline-failure.tsx'
import { saveAs } from '../shell/save-as.ts'
import styles from './afterwards.module.css'

const TABLES = ['polls', 'questions']
const ICON = { size: 20, stroke: 1.75, 'aria-hidden': true } as const

/** What those who run the event take home: all of it as a ZIP, its polls and its questions as tables. */
export function Exports() {
  const { event, me } = useEventNow()
  const client = useClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  if (audienceOf(me.role) !== 'staff' || me.role === 'moderator') return null
  const save = async (path: string, name: string) => {
    setBusy(path)
    setFailure(null)
    try {
      saveAs(await client.http.download(path), name)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(null)
    }
  }
  const all = `/api/events/${event.id}/export`
  return (
    <>
      <div className={styles.exports}>
        <Button
          variant="light"
          loading={busy === all}
          leftSection={<IconDownload {...ICON} />}
          onClick={() => void save(all, `${event.code}.zip`)}
        >
          Export as ZIP
        </Button>
        {event.rooms
          .filter(({ kind }) => TABLES.includes(kind))
          .map(({ id, title }) => {
            const path = `/api/events/${event.id}/rooms/${id}/csv`
            return (
              <Button
                key={id}
                variant="default"
                loading={busy === path}
                leftSection={<IconTable {...ICON} />}
                onClick={() => void save(path, `${event.code} ${title}.csv`)}
              >
                {title} as CSV
              </Button>
            )
          })}
      </div>
      {failure === null ? null : <InlineFailure error={failure} />}
    </>
  )
}
