import { IndexeddbPersistence } from 'y-indexeddb'
import type * as Y from 'yjs'

/** A document's copy on this device. */
export interface Kept {
  /** There was something in it. */
  hasText: boolean
  close(): Promise<void>
  /** Closes it and takes it away. */
  clear(): Promise<void>
}

/** Loads the copy into the document and keeps it up to date; null where the browser has no place for it, or forbids it. */
export async function keepOnDevice(name: string, doc: Y.Doc): Promise<Kept | null> {
  if (!(await canKeep())) return null
  const persistence = new IndexeddbPersistence(name, doc)
  await persistence.whenSynced
  return {
    hasText: doc.store.clients.size > 0,
    close: () => persistence.destroy(),
    clear: () => persistence.clearData(),
  }
}

/** As much of IndexedDB as is used to find out whether it may be. */
interface Databases {
  open(name: string): {
    result: { close(): void }
    addEventListener(event: 'success' | 'error' | 'blocked', listener: () => void): void
  }
}

/** Private windows have the interface and refuse its use. */
async function canKeep(): Promise<boolean> {
  const { indexedDB } = globalThis as { indexedDB?: Databases }
  if (indexedDB === undefined) return false
  return await new Promise((resolve) => {
    try {
      const opening = indexedDB.open('plenary.probe')
      opening.addEventListener('success', () => {
        opening.result.close()
        resolve(true)
      })
      opening.addEventListener('error', () => resolve(false))
      opening.addEventListener('blocked', () => resolve(false))
    } catch {
      // A SecurityError: the same answer.
      resolve(false)
    }
  })
}
