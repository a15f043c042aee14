import { useEffect, useState } from 'react'
import { useEventRoot } from '../../event/session-context.ts'
import { auditLine, type AuditLine } from './audit-line.ts'
import type { Room } from '@plenary/client'
import type { Entry } from '@plenary/kinds'

/** How far back it looks, in each room. */
const ENTRIES_PER_ROOM = 200
/** The newest lines that are kept. */
const LINES_MAX = 500

export interface Audit {
  /** Newest first. */
  lines: readonly AuditLine[]
  state: 'loading' | 'there' | 'failed'
}

/** Who did what, read off the rooms' own logs: what was before from history, what comes from the rooms as it happens. */
export function useAudit(rooms: readonly Room[]): Audit {
  const session = useEventRoot()
  const [audit, setAudit] = useState<Audit>({ lines: [], state: 'loading' })
  const known = rooms.map(({ id }) => id).join(' ')
  useEffect(() => {
    let gone = false
    const take = (kind: string, entries: readonly Entry[], state?: Audit['state']) => {
      if (gone) return
      const fresh = entries.flatMap((entry) => auditLine(kind, entry) ?? [])
      if (fresh.length === 0 && state === undefined) return
      setAudit((before) => {
        const lines = new Map([...before.lines, ...fresh].map((line) => [line.id, line]))
        return {
          lines: [...lines.values()].toSorted((a, b) => b.at - a.at).slice(0, LINES_MAX),
          state: state ?? before.state,
        }
      })
    }
    const stops = rooms.map((room) => room.onEntry((entry) => take(room.kind.name, [entry])))
    Promise.all(
      rooms.map(async (room) => {
        const { entries } = await session.entries(room.id, { limit: ENTRIES_PER_ROOM })
        take(room.kind.name, entries as Entry[])
      }),
    ).then(
      () => take('', [], 'there'),
      () => take('', [], 'failed'),
    )
    return () => {
      gone = true
      for (const stop of stops) stop()
    }
    // oxlint-disable-next-line react/exhaustive-deps -- the rooms are those of these ids
  }, [session, known])
  return audit
}
