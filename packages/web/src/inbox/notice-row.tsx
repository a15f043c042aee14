import { UnstyledButton } from '@mantine/core'
import { clockText, dayText, fullText } from '../chat/times.ts'
import { useNow } from '../shell/now.ts'
import styles from './inbox.module.css'
import type { KeptNotice } from '@plenary/kinds'

const SAID = {
  mention: 'mentioned you in',
  reply: 'answered you in',
  share: 'shared with you:',
} satisfies Record<KeptNotice['what'], string>

/** One notice; opens what it is about. */
export function NoticeRow({ notice, onOpen }: { notice: KeptNotice; onOpen(): void }) {
  const { by, what, title, quote, at, read } = notice
  const now = useNow(60_000)
  const day = dayText(at, now)
  return (
    <UnstyledButton className={styles.row} data-unread={read ? undefined : true} onClick={onOpen}>
      <span className={styles.said}>
        <strong>{by.name}</strong> {SAID[what]} <strong>{title}</strong>
        {read ? null : <span className={styles.hidden}> (unread)</span>}
      </span>
      {quote === '' ? null : <span className={styles.quote}>{quote}</span>}
      <time className={styles.time} dateTime={new Date(at).toISOString()} title={fullText(at)}>
        {day === 'Today' ? clockText(at) : day}
      </time>
    </UnstyledButton>
  )
}
