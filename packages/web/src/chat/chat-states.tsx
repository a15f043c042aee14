import { Button } from '@mantine/core'
import { Hall } from '../shell/hall.tsx'
import styles from './chat.module.css'
import type { Failure } from '@plenary/kinds'

/** The conversation on its way. */
export function ChatLoading() {
  return (
    <div className={styles.state} role="log" aria-label="Messages" aria-busy="true">
      <div className={styles.ghosts} aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
    </div>
  )
}

/** Nothing has been said yet. */
export function ChatEmpty() {
  return (
    <div className={styles.state} role="log" aria-label="Messages" tabIndex={0}>
      <div className={styles.emptyHall}>
        <Hall rows={3} taken={0} />
      </div>
      <h2>The floor is open</h2>
      <p>Nobody has said anything yet. Say hello.</p>
    </div>
  )
}

/** The room does not let this person in. */
export function ChatRefused({ failure }: { failure: Failure | undefined }) {
  return (
    <div className={styles.state} role="alert">
      <h2>You cannot be in this chat</h2>
      <p>{failure?.reason === 'banned' ? 'The hosts have banned you from it.' : failure?.message}</p>
      <Button variant="default" onClick={() => location.reload()}>
        Try again
      </Button>
    </div>
  )
}
