import { Sheet } from '../shell/dialog.tsx'
import type { ReactNode } from 'react'

/** The side panel where there is no side: it comes in from the right. */
export function PanelDrawer({ onClose, children }: { onClose(): void; children: ReactNode }) {
  return (
    <Sheet from="right" title="People" onClose={onClose}>
      {children}
    </Sheet>
  )
}
