import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { usePageTitle } from '../shell/page-title.ts'
import { OverlayPicture } from './overlay-picture.tsx'
import { OVERLAYS } from './overlays.ts'
import { useOverlaySession } from './overlay-session.ts'
import styles from './overlay.module.css'

/** A picture to lay over a broadcast: nothing around it, nothing to tap, and nothing at all while there is nothing to show. */
export function OverlayPage() {
  const { what } = useParams({ from: '/o/$what' })
  const [key] = useState(() => location.hash.slice(1))
  const overlay = OVERLAYS.find(({ id }) => id === what)
  const { session, problem } = useOverlaySession(overlay === undefined ? '' : key)
  usePageTitle(overlay === undefined ? 'No such overlay' : `${overlay.name} overlay`)
  useEffect(() => {
    const { dataset } = document.documentElement
    dataset['overlay'] = ''
    return () => {
      delete dataset['overlay']
    }
  }, [])
  if (overlay === undefined || problem !== null)
    return (
      <main className={styles.overlay} data-at="middle">
        <h1 className={styles.hidden}>Overlay</h1>
        <p className={styles.note}>{overlay === undefined ? 'There is no such overlay.' : problem}</p>
      </main>
    )
  return session === null ? null : <OverlayPicture what={overlay.id} session={session} />
}
