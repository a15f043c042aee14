import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { UserId } from '../ids.ts'
import type { Entry } from '../kind.ts'
import type { Audience } from '../roles.ts'
import { AUDIENCES, sees, wordsWithheld, type Viewer } from './audiences.ts'
import { deepFreeze, still, type Play, type PlayedKind } from './play.ts'
import type { Law, Watcher } from './watch.ts'

/** Equal to the other. The slow comparison, which can tell the difference, runs only when there is one. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected)
}

/** Everyone who looks on: each person, in each of the two streams. */
function viewers(play: Play): (Viewer & { me: UserId })[] {
  const ids = [...new Set(play.people.map(({ id }) => id)), 'id-stranger' as UserId]
  return ids.flatMap((me) => AUDIENCES.map((audience) => ({ audience, me })))
}

/** What a client takes for the view of a room in which nothing happened is that view, under the settings that a room has of itself. */
export function emptyIsNothingYet(kind: PlayedKind): void {
  const { success, data } = kind.settings.safeParse({})
  if (success) for (const audience of AUDIENCES) same(kind.empty(audience), kind.view(kind.initial(data), audience))
}

/** A view folded over what reached its viewer is the view of the whole log. */
export function viewsFold(play: Play): Watcher {
  const { kind } = play
  const folds = viewers(play).map((viewer) => ({ ...viewer, view: deepFreeze(kind.view(play.state, viewer.audience)) }))
  return {
    after: ({ logged }) => {
      // Frozen: a kind that changes a view in place, or shares one with its state and changes that, throws.
      const whole = new Map(AUDIENCES.map((audience) => [audience, deepFreeze(kind.view(play.state, audience))]))
      for (const fold of folds) {
        for (const { entry } of logged.filter((one) => sees(one, fold)))
          fold.view = deepFreeze(still(() => kind.evolveView(fold.view, entry, fold.me)))
        same(fold.view, whole.get(fold.audience))
      }
    },
  }
}

/** The same for a person's own part. */
export function minesFold(play: Play): Watcher {
  const { kind } = play
  const mineOf = (me: UserId) => deepFreeze(play.mine(me))
  const folds = viewers(play).map((viewer) => ({ ...viewer, mine: mineOf(viewer.me) }))
  return {
    after: ({ logged, scope, by }) => {
      for (const fold of folds) {
        // No entry tells what was done in secret, so its owner does.
        if (scope !== null && fold.me === by.id) fold.mine = mineOf(by.id)
        for (const { entry } of logged.filter((one) => sees(one, fold)))
          fold.mine = deepFreeze(still(() => kind.evolveMine?.(fold.mine, entry, fold.me)))
        same(fold.mine, mineOf(fold.me))
      }
    },
  }
}

/** What a client makes of the content it was given, whenever that was, and of what it saw since, is what the content says now. */
export function contentKept(made: (given: unknown, entries: readonly Entry[]) => unknown): Law {
  return (play) => {
    const { kind } = play
    const contentFor = (audience: Audience) => deepFreeze(still(() => kind.content?.(play.state, audience)))
    const given: { length: number; audience: Audience; content: unknown }[] = []
    const give = () => {
      for (const audience of AUDIENCES) given.push({ length: play.log.length, audience, content: contentFor(audience) })
    }
    give()
    return {
      after: give,
      end: () => {
        for (const { length, audience, content } of given) {
          const seen = play.log.slice(length).filter((one) => sees(one, { audience, me: null }))
          const entries = seen.map(({ entry }) => entry)
          same(made(content, entries), made(contentFor(audience), []))
        }
      },
    }
  }
}

/** No view, content, own part or digest holds words that only entries hold which its reader never got. */
export function withholds(play: Play, settings: unknown): Watcher {
  return {
    end: () => {
      const known = JSON.stringify([settings, play.people])
      for (const viewer of viewers(play)) {
        const all = { audience: viewer.audience, me: null }
        for (const words of wordsWithheld(play.log, all, known)) {
          expect(JSON.stringify(play.kind.view(play.state, viewer.audience))).not.toContain(words)
          expect(JSON.stringify(play.kind.content?.(play.state, viewer.audience) ?? null)).not.toContain(words)
          expect(JSON.stringify(play.kind.digest?.(play.state, viewer.audience) ?? null)).not.toContain(words)
        }
        const own = play.inSecret.filter(({ user }) => user === viewer.me)
        for (const words of wordsWithheld(play.log, viewer, known + JSON.stringify(own)))
          expect(JSON.stringify(play.mine(viewer.me) ?? null)).not.toContain(words)
      }
    },
  }
}
