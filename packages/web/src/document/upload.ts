import { useCallback } from 'react'
import type { Session } from '@plenary/client'
import type { DocumentRoom } from '@plenary/client/yjs'

/** Puts an image beside the document and makes an address of it, under which all who read the text can see it. */
export function useUpload(session: Session, room: DocumentRoom): (file: File) => Promise<string> {
  return useCallback(
    async (file: File) => (await session.upload(room.id, new Uint8Array(await file.arrayBuffer()))).url,
    [session, room],
  )
}
