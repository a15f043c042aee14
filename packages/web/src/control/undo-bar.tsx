import { useSpeech } from '../shell/announcer.tsx'
import { useNow } from '../shell/now.ts'
import { KeyButton } from './key-button.tsx'
import { useUndoing } from './undoing.tsx'
import { useServerNow } from './use-server-now.ts'
import styles from './undo-bar.module.css'
import type { Backstage } from '@plenary/kinds'

const TICK_MS = 250

const DONE: Record<string, string> = {
  add: 'Added a cue',
  edit: 'Changed a cue',
  remove: 'Removed a cue',
  move: 'Moved a cue',
  go: 'Went to another cue',
  start: 'Started the programme',
  end: 'Ended the programme',
  hold: 'Put everything on hold',
  resume: 'Went on after the hold',
  announce: 'Changed the announcement',
  lowerThird: 'Changed the lower third',
  panels: 'Changed the open panels',
}

/** What can be taken back now: the stage's last act, whoever did it, or one's own last act elsewhere, whichever is newer. */
export function useLastAct(
  undo: Backstage['undo'],
  undoStage: () => void,
): { done: string; leftMs: number; back(): void } | null {
  const { last, takeBack } = useUndoing()
  const now = useNow(TICK_MS)
  const serverNow = useServerNow(TICK_MS)
  const { announce } = useSpeech()
  const stageLeft = undo === null ? 0 : undo.until - serverNow
  const ownLeft = last === null ? 0 : last.until - now
  if (last !== null && ownLeft > 0 && ownLeft >= stageLeft) return { done: last.done, leftMs: ownLeft, back: takeBack }
  if (undo === null || stageLeft <= 0) return null
  return {
    done: DONE[undo.what] ?? undo.what,
    leftMs: stageLeft,
    back() {
      undoStage()
      announce('Taken back.')
    },
  }
}

/** Takes up its place also while it is empty, so that nothing moves. */
export function UndoBar({ act }: { act: ReturnType<typeof useLastAct> }) {
  return (
    <div className={styles.bar} data-empty={act === null || undefined} data-testid="undo">
      <span className={styles.done}>{act?.done ?? ''}</span>
      <KeyButton does="undo" kind="quiet" disabled={act === null} onPress={() => act?.back()}>
        Undo <span className={styles.seconds}>{act === null ? '' : Math.ceil(act.leftMs / 1_000)}</span>
      </KeyButton>
    </div>
  )
}
