import { useRoom } from '@plenary/client/react'
import { ActionIcon, Button, Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../shell/client-provider.tsx'
import { NoticeRow } from './notice-row.tsx'
import { useInbox, type InboxRoom } from './use-inbox.ts'
import styles from './inbox.module.css'
import type { api, KeptNotice } from '@plenary/kinds'

/** More than so many are not counted out. */
const COUNTED_MAX = 99

/** A bell with how many notices are unread, and what they are. Nothing for guests. */
export function InboxBell() {
  const inbox = useInbox()
  return inbox.at === 'open' ? <Bell room={inbox.room} /> : null
}

function Bell({ room }: { room: InboxRoom }) {
  const { view, state } = useRoom(room)
  const client = useClient()
  const { history } = useRouter()
  const [opened, setOpened] = useState(false)
  const [missing, setMissing] = useState(false)
  const unread = view?.unread ?? 0
  const notices = view?.notices ?? []
  const newest = notices.at(-1)
  const label = unread === 0 ? 'Inbox' : `Inbox: ${unread} unread`

  const go = async (notice: KeptNotice) => {
    setMissing(false)
    if (!notice.read) void room.send('readOne', { notice: notice.id })
    try {
      const { event } = await client.http.get<{ event: api.EventInfo }>(`/api/events/${notice.event}`)
      setOpened(false)
      const place = notice.item === null ? '' : `#thread-${notice.item}`
      history.push(`/e/${event.code}/d/${notice.room}${place}`)
    } catch {
      // It was ended, or whoever reads this may not be there any more: that is said beside the notices.
      setMissing(true)
    }
  }

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon
          aria-label={label}
          title={label}
          aria-haspopup="dialog"
          aria-expanded={opened}
          className={styles.bell}
          onClick={() => setOpened(!opened)}
        >
          <IconBell size={20} stroke={1.75} />
          {unread > 0 ? (
            <span className={styles.count} aria-hidden="true">
              {unread > COUNTED_MAX ? `${COUNTED_MAX}+` : unread}
            </span>
          ) : null}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.panel} aria-label="Inbox">
        <div className={styles.head}>
          <h2>Inbox</h2>
          <Button
            variant="subtle"
            size="sm"
            disabled={unread === 0}
            onClick={() => newest !== undefined && void room.send('read', { through: newest.seq })}
          >
            Mark all as read
          </Button>
        </div>
        {missing ? (
          <p role="alert" className={styles.note}>
            That document cannot be opened any more.
          </p>
        ) : null}
        <Notices notices={notices} loading={state === 'joining'} onOpen={(notice) => void go(notice)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Notices({
  notices,
  loading,
  onOpen,
}: {
  notices: readonly KeptNotice[]
  loading: boolean
  onOpen(notice: KeptNotice): void
}) {
  if (notices.length === 0) {
    return (
      <p role="status" className={styles.note}>
        {loading ? 'Looking…' : 'Nothing yet. When somebody mentions you, answers you or shares something, it is here.'}
      </p>
    )
  }
  return (
    <ul className={styles.list}>
      {notices.toReversed().map((notice) => (
        <li key={notice.id}>
          <NoticeRow notice={notice} onOpen={() => onOpen(notice)} />
        </li>
      ))}
    </ul>
  )
}
