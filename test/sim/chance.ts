import { Draws } from './draws.ts'

/** Draws for making plans. */
export interface Chance {
  /** In [0, 1). */
  next(): number
  /** A whole number, both bounds included. */
  whole(from: number, to: number): number
  happens(part: number): boolean
  /** Throws when there is nothing to pick from. */
  pick<T>(choices: readonly T[]): T
  /** Each as likely as its weight. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T
}

/** One concern's draws of a seed; its methods stand on their own. */
export function chance(seed: number, concern: string): Chance {
  const draw = new Draws(seed).of(`plan ${concern}`)
  return {
    next: () => draw.next(),
    whole: (from, to) => from + Math.floor(draw.next() * (to - from + 1)),
    happens: (part) => draw.hits(part),
    pick: (choices) => draw.oneOf(choices),
    weighted(choices) {
      let left = draw.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, choice] of choices) if ((left -= weight) < 0) return choice
      return draw.oneOf(choices)[1]
    },
  }
}
