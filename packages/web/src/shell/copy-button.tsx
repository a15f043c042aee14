import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import styles from './announcer.module.css'

/** How long a button says that it has copied, in milliseconds. */
const COPIED_MS = 2_000

/** Copies a text, and says whether it did. `what` is for those who do not see what the button stands beside. */
export function CopyButton({ text, label, what }: { text: string; label: string; what?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), COPIED_MS)
    return () => clearTimeout(timer)
  }, [state])
  return (
    <Button
      variant="default"
      leftSection={state === 'copied' ? <IconCheck size={18} stroke={2} /> : <IconCopy size={18} stroke={1.75} />}
      // Only pages from https or localhost may write to the clipboard; elsewhere the text stands there to be marked.
      onClick={() => {
        void Promise.resolve()
          .then(() => navigator.clipboard.writeText(text))
          .then(
            () => setState('copied'),
            () => setState('failed'),
          )
      }}
    >
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Cannot copy here' : label}
        {what === undefined || state !== 'idle' ? null : <span className={styles.hidden}> {what}</span>}
      </span>
    </Button>
  )
}
