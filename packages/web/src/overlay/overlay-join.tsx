import { QrCode } from '../event/qr-code.tsx'
import styles from './overlay.module.css'

/** How to get in: to scan, or to type. */
export function OverlayJoin({ origin, code }: { origin: string; code: string }) {
  const link = `${origin}/e/${code}`
  return (
    <section className={styles.join} aria-label="Join">
      <QrCode text={link} label={`QR code that opens ${link}`} />
      <p>
        <span>Join at</span>
        <strong>{origin.replace(/^https?:\/\//u, '')}</strong>
        <span>with the code</span>
        <code>{code}</code>
      </p>
    </section>
  )
}
