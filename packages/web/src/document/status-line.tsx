import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp, IconDeviceLaptop } from '@tabler/icons-react'
import { useEventNow } from '../event/session-context.ts'
import { useProvider } from './open-document.ts'
import styles from './document.module.css'
import type { PlenaryProvider, ProviderSnapshot } from '@plenary/client/yjs'

/** What became of what one typed, always on the page and read out when it changes. */
export function StatusLine({
  provider,
  words,
  mayEdit,
}: {
  provider: PlenaryProvider
  words: number | null
  mayEdit: boolean
}) {
  const now = useProvider(provider)
  const { node } = useEventNow().status
  const [Icon, text] = said(now, mayEdit)
  return (
    <p className={styles.status} data-status={now.status} data-node={node} data-testid="document-status">
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <span role="status">{text}</span>
      {words === null ? null : (
        <span className={styles.words} data-testid="word-count">
          · {words.toLocaleString()} {words === 1 ? 'word' : 'words'}
        </span>
      )}
    </p>
  )
}

function said({ status, durable, synced, failure }: ProviderSnapshot, mayEdit: boolean): [typeof IconCloudOff, string] {
  switch (status) {
    case 'saved':
      return [IconCloudCheck, mayEdit ? 'Saved' : 'Up to date']
    case 'saving':
      return [IconCloudUp, 'Saving…']
    case 'kept':
      return durable
        ? [IconDeviceLaptop, 'Kept on this device, sent when you are connected']
        : [IconDeviceLaptop, 'Not sent yet: leave this page open until you are connected']
    case 'offline':
      if (!synced) return [IconCloudOff, 'Connecting…']
      return [IconCloudOff, mayEdit && durable ? 'Offline. What you type is kept on this device' : 'Offline']
    case 'refused':
      return [IconAlertTriangle, failure?.message ?? 'Not saved']
  }
}
