import type { RoomId } from '@plenary/kinds'
import { document } from '@plenary/kinds/document'
import { setTimeout as sleep } from 'node:timers/promises'
import * as Y from 'yjs'
import { createClient } from '../../client.ts'
import { memoryStorage } from '../../storage.ts'
import { PlenaryProvider } from '../../yjs/provider.ts'

const ONLINE_EVERY_MS = 5

/** Where the document is. */
export interface Place {
  url: string
  code: string
  room: RoomId
}

export interface OpenedDocument extends Disposable {
  doc: Y.Doc
  provider: PlenaryProvider
  /** When the room was asked for. */
  askedAt: number
}

/** Somebody new with the whole text open, from the moment at which their connection stands. */
export async function openDocument({ url, code, room }: Place): Promise<OpenedDocument> {
  const session = await createClient({ url, storage: memoryStorage() }).join({ code, name: 'Reader' })
  while (session.status.connection !== 'online') await sleep(ONLINE_EVERY_MS)
  const askedAt = performance.now()
  const doc = new Y.Doc()
  const provider = new PlenaryProvider(session.room(document, room), doc, { keep: false })
  return {
    doc,
    provider,
    askedAt,
    [Symbol.dispose]() {
      provider.destroy()
      doc.destroy()
      session.close()
    },
  }
}
