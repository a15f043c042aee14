import { Button } from '@mantine/core'
import { IconCheck, IconLink } from '@tabler/icons-react'
import { useState } from 'react'
import { useSpeech } from '../../shell/announcer.tsx'
import styles from './share.module.css'

/** The address of the document, to be sent to others. */
export function ShareLink() {
  const { toast } = useSpeech()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href)
      setCopied(true)
    } catch {
      toast('The link could not be copied. Take it from the address bar.')
    }
  }
  return (
    <div className={styles.link}>
      <code>{location.href.replace(/^https?:\/\//, '')}</code>
      <Button
        size="sm"
        variant="light"
        leftSection={copied ? <IconCheck size={18} /> : <IconLink size={18} />}
        onClick={() => void copy()}
      >
        {copied ? 'Copied' : 'Copy the link'}
      </Button>
    </div>
  )
}
