import { useMemo } from 'react'
import type { StageRoom } from './rooms.ts'

/** What is done to the stage by one press. What they go by is read when they are pressed; a refusal is told by the room's list. */
export interface StageActs {
  start(): void
  end(): void
  next(): void
  back(): void
  toggleHold(): void
  undo(): void
}

export function useStageActs(room: StageRoom): StageActs {
  return useMemo(() => {
    const backstage = () => room.snapshot.view?.staff
    return {
      start: () => void room.send('start', {}),
      end: () => void room.send('end', {}),
      next: () => step('next'),
      back: () => step('back'),
      toggleHold() {
        const live = backstage()?.live
        if (live === undefined) return
        void (live.hold === null ? room.send('hold', {}) : room.send('resume', {}))
      },
      undo() {
        const of = backstage()?.undo?.of
        if (of !== undefined) void room.send('undo', { of })
      },
    }
    function step(way: 'next' | 'back'): void {
      const live = backstage()?.live
      // The cue that this screen shows: if somebody else was faster, one press is enough for both.
      if (live !== undefined) void room.send(way, { from: live.cue })
    }
  }, [room])
}
