import type { Play, Moment, Step } from './play.ts'

/** What a law looks at: after every command, and when the play is over. */
export interface Watcher {
  before?(): void
  after?(moment: Moment): void
  end?(): void
}

/** A law over plays; `settings` as the kind's schema yields them. */
export type Law = (play: Play, settings: unknown) => Watcher

/** Plays it to its end under a law's eyes; what the law throws comes with the commands so far. */
export function run(play: Play, settings: unknown, steps: readonly Step[], watch: Law): void {
  const story: Moment[] = []
  let at = 1_700_000_000_000
  try {
    const watcher = watch(play, settings)
    for (const step of steps) {
      at += step.afterMs
      watcher.before?.()
      for (const moment of play.take(step, at)) {
        story.push(moment)
        watcher.after?.(moment)
      }
    }
    watcher.end?.()
  } catch (error) {
    const told = story.map(
      ({ by, at: when, ask }) => `${when} ${by.id} (${by.role}): ${ask.type} ${JSON.stringify(ask.body)}`,
    )
    throw new Error([error instanceof Error ? error.message : String(error), ...told].join('\n'), { cause: error })
  }
}
