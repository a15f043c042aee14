import { Drawer, Modal } from '@mantine/core'
import styles from './dialog.module.css'
import type { ReactNode } from 'react'

interface DialogProps {
  /** It can come up with the page, or be kept closed until it is wanted. */
  opened?: boolean
  title: string
  onClose(): void
  children: ReactNode
}

/** Something to deal with first, in the middle of the screen. Esc and the veil close it. */
export function Dialog({ opened = true, title, onClose, children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size="min(30rem, 96vw)">
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** What comes in from an edge: from the right beside the page, or from below for a thumb. */
export function Sheet({ from, title, onClose, children }: DialogProps & { from: 'right' | 'bottom' }) {
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      position={from}
      size={from === 'bottom' ? 'auto' : 'min(26rem, 92vw)'}
      // The caller knows better than the sheet where the keyboard goes on.
      returnFocus={from === 'right'}
    >
      <Drawer.Overlay />
      <Drawer.Content classNames={{ content: (from === 'bottom' ? styles.bottom : styles.right) ?? '' }}>
        <div className={styles.head}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
