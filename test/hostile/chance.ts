/** Chance from a seed: the same seed gives the same run. */
export interface Chance {
  /** A whole number from 0 to below `n`. */
  below(n: number): number
  pick<T>(from: readonly [T, ...T[]]): T
  bytes(length: number): Buffer
  /** Lower-case letters and digits. */
  word(length: number): string
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Mulberry32, by Tommy Ettinger: 32 bits of state, good enough to scatter tests. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (n: number) => next() % n
  return {
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    word: (length) => Array.from({ length }, () => LETTERS.charAt(below(LETTERS.length))).join(''),
  }
}
