import { useEffect, useState } from 'react'
import { FRAGMENT } from '../fragment.ts'
import { Past } from './past.ts'
import { readPast } from './read-past.ts'
import type { Session } from '@plenary/client'
import type { Seq } from '@plenary/kinds'
import type { Version } from '@plenary/kinds/document'
import type { OpenDocument } from '../open-document.ts'

export type PastNow =
  | { step: 'loading' }
  /** `since`: what came before is in it as one text, and is read by itself. */
  | { step: 'there'; past: Past; since: Seq }
  | { step: 'failed'; error: unknown }

const LOADING: PastNow = { step: 'loading' }

/** Reads the past of a document up to `at`, or up to now. The versions are those of when it was opened. */
export function usePast(
  session: Session,
  { room, provider }: OpenDocument,
  versions: readonly Version[],
  at: Seq | null,
): PastNow {
  const [read, setRead] = useState<{ at: Seq | null; now: PastNow } | null>(null)
  const [known] = useState(versions)
  useEffect(() => {
    const leaving = new AbortController()
    let past: Past | null = null
    const source = {
      documentAt: (query: { at?: Seq; since: Seq }) => session.documentAt(room.id, query),
      wait: (ms: number) => waitFor(ms, leaving.signal),
    }
    readPast(source, known, { at, head: room.snapshot.seq }).then(
      ({ since, entries }) => {
        if (leaving.signal.aborted) return
        past = new Past(entries, FRAGMENT, (client) => provider.authorOf(client))
        setRead({ at, now: { step: 'there', past, since } })
      },
      (error: unknown) => {
        if (!leaving.signal.aborted) setRead({ at, now: { step: 'failed', error } })
      },
    )
    return () => {
      leaving.abort()
      past?.destroy()
    }
  }, [session, room, provider, known, at])
  return read !== null && read.at === at ? read.now : LOADING
}

/** Rejects when that is given up. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }, ms)
    signal.addEventListener('abort', giveUp, { once: true })
  })
}
