import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import { STAGE_LIMITS } from '@plenary/kinds'
import { useSpeech } from '../shell/announcer.tsx'
import { failureText } from '../shell/failure-text.ts'
import type { ReactNode } from 'react'

/** An act of one's own that can be taken back for a while. */
export interface Undoable {
  /** What was done, as "Deleted a message by Ann". */
  done: string
  /** On this device's clock. */
  until: number
  back(): Promise<unknown>
}

interface Undoing {
  last: Undoable | null
  /** Runs an act; once it is saved it can be taken back for ten seconds. A refusal is told by its room. */
  act(run: Promise<unknown>, undo?: { done: string; back(): Promise<unknown> }): void
  takeBack(): void
}

const UndoingContext = createContext<Undoing | null>(null)

/** Remembers the last act of this person that is no act of the stage: the stage remembers its own, for everybody. */
export function UndoingProvider({ children }: { children: ReactNode }) {
  const [last, setLast] = useState<Undoable | null>(null)
  const { toast, announce } = useSpeech()
  useEffect(() => {
    if (last === null) return
    const timer = setTimeout(() => setLast(null), Math.max(0, last.until - Date.now()))
    return () => clearTimeout(timer)
  }, [last])
  const act = useCallback<Undoing['act']>(
    (run, undo) => {
      run.then(
        () => {
          if (undo === undefined) return
          setLast({ ...undo, until: Date.now() + STAGE_LIMITS.undoMs })
          announce(`${undo.done}. Z takes it back.`)
        },
        // The room has it in its list of what was refused, from where it is told.
        () => undefined,
      )
    },
    [announce],
  )
  const takeBack = useCallback(() => {
    if (last === null) return
    setLast(null)
    last.back().then(
      () => announce('Taken back.'),
      (error: unknown) => toast(failureText(error)),
    )
  }, [last, announce, toast])
  const undoing = useMemo(() => ({ last, act, takeBack }), [last, act, takeBack])
  return <UndoingContext value={undoing}>{children}</UndoingContext>
}

/** Throws outside of the provider. */
export function useUndoing(): Undoing {
  const undoing = use(UndoingContext)
  if (!undoing) throw new Error('useUndoing needs an UndoingProvider above it.')
  return undoing
}
