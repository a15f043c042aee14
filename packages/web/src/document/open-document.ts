import { PlenaryProvider } from '@plenary/client/yjs'
import type { DocumentRoom, ProviderSnapshot } from '@plenary/client/yjs'
import { document } from '@plenary/kinds/document'
import { useEffect, useState, useSyncExternalStore } from 'react'
import * as Y from 'yjs'
import type { Session } from '@plenary/client'
import type { RoomId } from '@plenary/kinds'

/** A document that is being read or written on this page. */
export interface OpenDocument {
  room: DocumentRoom
  doc: Y.Doc
  provider: PlenaryProvider
}

/** Opens a document for as long as the calling component is there; null until then. `again` opens it anew. */
export function useOpenDocument(session: Session, id: RoomId): { open: OpenDocument | null; again(): void } {
  const [open, setOpen] = useState<OpenDocument | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const room = session.room(document, id)
    const doc = new Y.Doc()
    const provider = new PlenaryProvider(room, doc)
    // oxlint-disable-next-line react/set-state-in-effect -- what is opened must be closed again, so that an effect opens it
    setOpen({ room, doc, provider })
    return () => {
      setOpen(null)
      provider.destroy()
      doc.destroy()
    }
  }, [session, id, attempt])
  return { open, again: () => setAttempt((count) => count + 1) }
}

/** What became of what was typed, as it is now. */
export function useProvider(provider: PlenaryProvider): ProviderSnapshot {
  return useSyncExternalStore(provider.subscribe, () => provider.snapshot)
}
