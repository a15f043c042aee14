import { IconX } from '@tabler/icons-react'
import { useEffect, useId, useRef } from 'react'
import styles from './room-dialog.module.css'
import type { ReactNode } from 'react'

/** A dialog in the room's own colours: it stays inside of the room, and the browser keeps the keyboard in it, in the first field. Esc closes it. */
export function RoomDialog({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    // Not on the way out, where the browser would put it; and nothing that a key would switch.
    body.current?.querySelector<HTMLElement>('input:not([type=checkbox]), select, textarea')?.focus()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <button type="button" className={styles.close} aria-label="Close" onClick={onClose}>
          <IconX size={20} stroke={1.75} />
        </button>
      </header>
      <div ref={body} className={styles.body}>
        {children}
      </div>
    </dialog>
  )
}
