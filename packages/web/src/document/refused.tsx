import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useProvider } from './open-document.ts'
import styles from './document.module.css'
import type { PlenaryProvider } from '@plenary/client/yjs'

/** What the server would not take, why, and what can be done: nothing typed is given up without a word. */
export function Refused({ provider, again }: { provider: PlenaryProvider; again(): void }) {
  const { status, failure } = useProvider(provider)
  if (status !== 'refused') return null
  return (
    <div className={styles.refused} role="alert">
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden="true" />
      <p>What you wrote last was not saved: {failure?.message} It is on this device only.</p>
      <Button size="sm" variant="light" color="danger" onClick={() => provider.retry()}>
        Try again
      </Button>
      <Button size="sm" variant="subtle" color="danger" onClick={() => void provider.forget().then(again)}>
        Give up what was not saved
      </Button>
    </div>
  )
}
