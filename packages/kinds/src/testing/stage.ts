import type { Millis, UserId } from '../ids.ts'
import { isRefusal, type Actor, type AnyKind, type Entry, type Json } from '../kind.ts'
import type { Audience } from '../roles.ts'
import { Play, type Logged, type Moment } from './play.ts'

/** What became of one command in a table test. */
export interface Told {
  /** The kind's own word; `denied` when role or body stopped it before the kind was asked. */
  refused: string | null
  retryAfter?: number | undefined
  entries: readonly Entry[]
  logged: readonly Logged[]
  result: Json | undefined
}

/** A room that a test plays by hand: who asks what, and when. */
export class Stage<View = unknown, Mine = unknown> {
  readonly play: Play
  /** Wall clock of the room; a test moves it. */
  now: Millis

  constructor(kind: AnyKind, settings: unknown, people: readonly Actor[], now: Millis = 1_700_000_000_000) {
    this.play = new Play(kind, kind.settings.parse(settings), people)
    this.now = now
  }

  /** One of the people asks. */
  ask(who: Actor, type: string, body: unknown): Told {
    const step = { who: this.play.people.indexOf(who), afterMs: 0, make: () => ({ type, body }) }
    if (step.who < 0) throw new Error(`${who.name} is not among the people of this stage.`)
    const moment = [...this.play.take(step, this.now)].at(-1)
    if (moment === undefined) throw new Error('A step has a moment.')
    return told(moment)
  }

  view(audience: Audience = 'everyone'): View {
    return this.play.kind.view(this.play.state, audience) as View
  }

  mine(who: { id: UserId }): Mine {
    return this.play.mine(who.id) as Mine
  }
}

function told({ outcome, logged }: Moment): Told {
  const entries = logged.map(({ entry }) => entry)
  if (outcome === null) return { refused: 'denied', entries, logged, result: undefined }
  if (isRefusal(outcome))
    return { refused: outcome.refused, retryAfter: outcome.retryAfter, entries, logged, result: undefined }
  return { refused: null, entries, logged, result: outcome.result }
}
