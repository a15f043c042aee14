import { expect } from 'vitest'
import type { CommandId } from '../ids.ts'
import { isRefusal, type Entry } from '../kind.ts'
import { copy, deepFreeze, still, type Play } from './play.ts'
import type { Watcher } from './watch.ts'

/** The log read again, from its start or from any snapshot, gives the same state, byte for byte. */
export function replays(play: Play, settings: unknown): Watcher {
  const snapshots: { length: number; json: string }[] = []
  const snapshot = () => snapshots.push({ length: play.log.length, json: JSON.stringify(play.state) })
  snapshot()
  return {
    after: snapshot,
    end: () => {
      const last = JSON.stringify(play.state)
      const entries = copy(play.log.map(({ entry }) => entry))
      const fold = (state: unknown, rest: readonly Entry[]) =>
        JSON.stringify(rest.reduce((before, entry) => still(() => play.kind.evolve(before, entry)), state))
      expect(fold(play.kind.initial(settings), entries)).toBe(last)
      for (const { length, json } of snapshots) expect(fold(JSON.parse(json), entries.slice(length))).toBe(last)
      expect(JSON.parse(last)).toEqual(play.state)
    },
  }
}

/** Deciding changes nothing, throws nothing, gives the same twice; a no adds nothing and says why. */
export function decides(play: Play): Watcher {
  let before = ''
  return {
    before: () => {
      before = JSON.stringify(play.state)
    },
    after: ({ ask, by, at, outcome, logged }) => {
      if (outcome === null || isRefusal(outcome)) {
        expect(logged).toEqual([])
        if (play.kind.deadline === undefined) expect(JSON.stringify(play.state)).toBe(before)
      }
      if (outcome !== null && isRefusal(outcome)) {
        expect(outcome.refused).toMatch(/^[a-z][a-z0-9_]*$/)
        expect(outcome.message).not.toBe('')
        expect(outcome.retryAfter ?? 1).toBeGreaterThan(0)
      }
      expect(copy({ logged, outcome })).toEqual({ logged, outcome })
      // Types that begin with a dollar sign are the engine's own.
      for (const { entry } of logged) expect(entry.type).not.toMatch(/^\$/)
      const parsed = play.kind.commands[ask.type]?.body.safeParse(ask.body)
      if (parsed?.success !== true) return
      // Whoever asks, in whatever state: a kind answers, it does not throw, and it has not moved.
      const now = JSON.stringify(play.state)
      const command = deepFreeze({ id: 'again' as CommandId, type: ask.type, body: parsed.data })
      const first = still(() => play.kind.decide(play.state, command, by, at))
      expect(still(() => play.kind.decide(JSON.parse(now), command, by, at))).toEqual(first)
      expect(JSON.stringify(play.state)).toBe(now)
    },
  }
}

/** The list of the barred is a new array exactly when it changed. */
export function barredKept(play: Play): Watcher {
  let before = play.kind.barred?.(play.state) ?? []
  let listed = [...before]
  return {
    after: () => {
      const now = play.kind.barred?.(play.state) ?? []
      expect(now === before).toBe(JSON.stringify(now) === JSON.stringify(listed))
      before = now
      listed = [...now]
    },
  }
}
