import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { z } from 'zod'
import type { Seq } from '../ids.ts'
import type { Actor, CommandRules, Entry, Kind, SignalRules } from '../kind.ts'
import { secretsKept } from './laws-of-secrets.ts'
import { bodiesChecked } from './laws-of-bodies.ts'
import { historyHolds, type AnySlice } from './laws-of-history.ts'
import { barredKept, decides, replays } from './laws-of-state.ts'
import { contentKept, emptyIsNothingYet, minesFold, viewsFold, withholds } from './laws-of-views.ts'
import { PEOPLE, Play, stepsOf, type PlayedKind, type Scene } from './play.ts'
import { run, type Law } from './watch.ts'

export type { Scene } from './play.ts'

/** Any command of a kind as a client would write it. */
export type AskOf<Commands extends CommandRules> = {
  [T in keyof Commands & string]: { type: T; body: z.input<Commands[T]['body']> }
}[keyof Commands & string]

export interface LawOptions<Commands extends CommandRules, View> {
  /** Settings as the maker of a room would write them. */
  settings: fc.Arbitrary<unknown>
  /** Random commands; what they aim at is taken from the scene. */
  command: fc.Arbitrary<(scene: Scene) => AskOf<Commands>>
  /** Who takes part; one of every role and more when left out. */
  people?: readonly Actor[]
  /** Commands in one play. 0 to 40 when left out. */
  steps?: { minLength: number; maxLength: number }
  /** Plays per law. 60 when left out. */
  runs?: number
  /** For a kind with `about`: the part of a view that scrolling back shows, by seq. */
  history?: (view: View) => { seq: Seq }[]
  /** For a kind with `content`: what a client makes of what it was given and of the visible entries since. */
  content?: (given: unknown, entries: readonly Entry[]) => unknown
}

/** Looking for the shortest play ends after this; a law that holds takes a few seconds at most. */
const LAW_MS = 20_000
/** Room for the last play to end in. */
const TEST_MS = 2 * LAW_MS

/**
 * Registers the property tests that every kind is held to (docs/KINDS.md). Call it at the top of a test file of vitest's;
 * a failing law prints the shortest play that breaks it.
 */
export function kindLaws<S, T, const C extends CommandRules, G extends SignalRules, B, V, M>(
  kind: Kind<S, T, C, G, B, V, M>,
  options: LawOptions<C, V>,
): void {
  laws(kind as unknown as PlayedKind, options as unknown as LawOptions<CommandRules, unknown>)
}

function laws(kind: PlayedKind, options: LawOptions<CommandRules, unknown>): void {
  const { people = PEOPLE, runs: numRuns = 60, history, content } = options
  if (kind.content !== undefined && content === undefined) throw new Error('Say what a client makes of the content.')
  const settings = options.settings.map((input) => kind.settings.parse(input))
  const steps = stepsOf(options.command, options.steps ?? { minLength: 0, maxLength: 40 })
  const slices = fc.array(fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 })), { minLength: 1, maxLength: 5 })
  const effort = { numRuns, interruptAfterTimeLimit: LAW_MS, markInterruptAsFailure: true }

  function law(title: string, make: (slices: readonly AnySlice[]) => Law): void {
    const holds = fc.property(settings, steps, slices, (given, taken, cut) => {
      run(new Play(kind, given, people), given, taken, make(cut))
    })
    it(title, () => fc.assert(holds, effort), TEST_MS)
  }

  describe(`laws of ${kind.name}`, () => {
    it('the empty view is what a room begins with', () => emptyIsNothingYet(kind))
    law('a view folded entry by entry is the view of the whole log', () => viewsFold)
    if (kind.mine !== undefined)
      law('a person’s own part folded entry by entry is that of the whole log', () => minesFold)
    law('[R10] a log replayed, from its start or from any snapshot, gives the same state', () => replays)
    law('deciding changes nothing, gives the same twice, and a no says why', () => decides)
    law('[R6] nobody is shown what was withheld from them', () => withholds)
    if (kind.secrets !== undefined)
      law('[R6] what is done in secret leads to nobody, and shows itself to nobody else', () => secretsKept)
    if (kind.barred !== undefined) law('the list of the barred is a new one exactly when it changed', () => barredKept)
    if (content !== undefined)
      law('content given at any time, with the entries since, comes to the same', () => contentKept(content))
    if (history !== undefined)
      law('history from any slice shows the same, and nothing that was concealed', (cut) => historyHolds(cut, history))
    bodiesChecked(kind, settings)
  })
}
