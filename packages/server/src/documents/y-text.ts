import { fromBase64Url } from '@plenary/kinds/base64url'
import type { DocumentContent } from '@plenary/kinds/document'
import * as Y from 'yjs'

/** The whole text that a joiner was given, as one update. */
export function wholeOf({ base, tail }: DocumentContent): Uint8Array {
  const updates = [base, ...tail].flatMap((update) => (update === '' ? [] : (fromBase64Url(update) ?? [])))
  return Y.mergeUpdates(updates)
}

/** Whether an update brings anything to a text: what is sent for a state vector has all deletions in it, known or not. */
export function brings(whole: Uint8Array, update: Uint8Array): boolean {
  const doc = new Y.Doc()
  try {
    Y.applyUpdate(doc, whole)
    const before = Y.snapshot(doc)
    Y.applyUpdate(doc, update)
    return (
      doc.store.pendingStructs !== null || doc.store.pendingDs !== null || !Y.equalSnapshots(before, Y.snapshot(doc))
    )
  } catch {
    // The room says what is wrong with it.
    return true
  } finally {
    doc.destroy()
  }
}
