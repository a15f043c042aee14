import { useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { Row } from './rows.ts'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'

/** Within this many pixels of the end, the reader is at the end. */
const END_PX = 24
/** Within this many pixels of the start, older messages are wanted. */
const START_PX = 400

interface Stick {
  /** Rows came or went at the start: the place is held from the end. */
  shift: boolean
  atEnd: boolean
  /** How many messages of others came below what is shown. */
  unseen: number
  onScroll(offset: number): void
  /** Something in the list changed its size, or the list itself did. */
  settle(): void
  toEnd(): void
}

/** Newest message in the rows that is not the reader's own. */
function newestSeq(rows: readonly Row[]): number {
  const last = rows.findLast((row) => row.kind === 'message')
  return last?.kind === 'message' ? last.message.seq : 0
}

/**
 * Keeps a list at its end while the reader is there, and out of their way while they are not. `nearStart` is told when
 * they come near the oldest row.
 */
export function useStick(
  handle: RefObject<VirtualizerHandle | null>,
  rows: readonly Row[],
  me: string,
  nearStart: () => void,
): Stick {
  const sticks = useRef(true)
  const [atEnd, setAtEnd] = useState(true)
  const [seen, setSeen] = useState(0)

  const first = rows.find((row) => row.kind !== 'day')?.key
  const last = rows.at(-1)?.key
  // Judged anew for each set of rows, against the one before it.
  const [known, setKnown] = useState({ rows, first, last, shift: false, ownCame: false })
  if (known.rows !== rows) {
    const shift = known.first !== undefined && known.first !== first && known.last === last
    setKnown({ rows, first, last, shift, ownCame: known.last !== last && rows.at(-1)?.kind === 'pending' })
  }

  const toEnd = useCallback(() => {
    sticks.current = true
    setAtEnd(true)
    handle.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' })
  }, [handle])

  const settle = useCallback(() => {
    if (sticks.current) handle.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' })
  }, [handle])

  useLayoutEffect(() => {
    // What I just wrote I want to see, wherever I was reading.
    if (known.ownCame) sticks.current = true
    settle()
  }, [known, settle])

  const onScroll = useCallback(
    (offset: number) => {
      const list = handle.current
      if (!list) return
      const end = offset - list.scrollSize + list.viewportSize >= -END_PX
      sticks.current = end
      setAtEnd(end)
      if (end) setSeen(newestSeq(rows))
      else if (offset < START_PX) nearStart()
    },
    [handle, rows, nearStart],
  )

  const unseen = atEnd
    ? 0
    : rows.filter((row) => row.kind === 'message' && row.message.seq > seen && row.message.by.id !== me).length
  return { shift: known.shift, atEnd, unseen, onScroll, settle, toEnd }
}
