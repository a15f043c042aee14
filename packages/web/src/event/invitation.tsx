import { Button } from '@mantine/core'
import { IconDownload, IconShare } from '@tabler/icons-react'
import { CopyButton } from '../shell/copy-button.tsx'
import { useInviteOrigin } from './use-invite-origin.ts'
import { QrCode } from './qr-code.tsx'
import { downloadQr } from './download-qr.ts'
import styles from './invitation.module.css'
import type { api } from '@plenary/kinds'

/** Every way to let people in: the code to say aloud, the picture to scan, the link to send. */
export function Invitation({
  event,
  download = false,
}: {
  event: Pick<api.EventInfo, 'code' | 'title'>
  download?: boolean
}) {
  const link = `${useInviteOrigin()}/e/${event.code}`
  const canShare = typeof navigator.share === 'function'
  return (
    <div className={styles.invitation}>
      <div className={styles.ticket}>
        <QrCode text={link} label={`QR code that opens ${link}`} />
        <div className={styles.stub}>
          <span className={styles.caption}>Code</span>
          <strong className={styles.code}>{event.code}</strong>
          <span className={styles.link}>{link.replace(/^https?:\/\//u, '')}</span>
        </div>
      </div>
      <div className={styles.buttons}>
        <CopyButton text={link} label="Copy link" />
        <CopyButton text={event.code} label="Copy code" />
        {canShare ? (
          <Button
            variant="default"
            leftSection={<IconShare size={18} stroke={1.75} />}
            // Closing the share sheet without choosing is no failure.
            onClick={() => void navigator.share({ title: event.title, url: link }).catch(() => undefined)}
          >
            Share
          </Button>
        ) : null}
        {download ? (
          <Button
            variant="default"
            leftSection={<IconDownload size={18} stroke={1.75} />}
            onClick={() => void downloadQr(link, event.code)}
          >
            Download QR
          </Button>
        ) : null}
      </div>
    </div>
  )
}
