import { useEffect, useState } from 'react'
import { FRAGMENT } from '../fragment.ts'
import { Past } from './past.ts'
import type { Session } from '@plenary/client'
import type { DocumentRoom } from '@plenary/client/yjs'
import type { PastEntry } from './past.ts'

const PAGE = 200

export type PastNow =
  | { step: 'loading'; read: number; of: number }
  | { step: 'there'; past: Past }
  | { step: 'failed'; error: unknown }

/** Reads the whole log of a document, page by page. */
export function usePast(session: Session, room: DocumentRoom): PastNow {
  const [now, setNow] = useState<PastNow>({ step: 'loading', read: 0, of: room.snapshot.seq })
  useEffect(() => {
    let gone = false
    let past: Past | null = null
    const read = async () => {
      const entries: PastEntry[] = []
      for (let after = 0; ;) {
        const page = await session.entries(room.id, { after, limit: PAGE })
        if (gone) return
        entries.push(...page.entries)
        const last = page.entries.at(-1)?.seq
        if (last === undefined || last <= after) break
        after = last
        setNow({ step: 'loading', read: after, of: Math.max(after, room.snapshot.seq) })
        if (page.entries.length < PAGE && after >= room.snapshot.seq) break
      }
      past = new Past(entries, FRAGMENT)
      setNow({ step: 'there', past })
    }
    read().catch((error: unknown) => {
      if (!gone) setNow({ step: 'failed', error })
    })
    return () => {
      gone = true
      past?.destroy()
    }
  }, [session, room])
  return now
}
