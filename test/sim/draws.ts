/** Draw that repeats itself: the same seed gives the same draws for ever. */
export interface Draw {
  /** In [0, 1). */
  next(): number
  /** In [from, to). */
  between(from: number, to: number): number
  /** True so often out of 1. */
  hits(part: number): boolean
  /** One of these; throws when there is none. */
  oneOf<T>(choices: readonly T[]): T
}

/**
 * Draws of its own for each concern, all from one seed: whatever one concern draws more or less leaves the others as they are. The
 * generator is Chris Doty-Humphrey's sfc32.
 */
export class Draws {
  readonly #seed: number
  readonly #streams = new Map<string, Draw>()

  constructor(seed: number) {
    this.#seed = seed
  }

  of(concern: string): Draw {
    let stream = this.#streams.get(concern)
    if (stream === undefined) {
      stream = drawOf(generator(`${this.#seed}/${concern}`))
      this.#streams.set(concern, stream)
    }
    return stream
  }
}

function drawOf(next: () => number): Draw {
  return {
    next,
    between: (from, to) => from + next() * (to - from),
    hits: (part) => next() < part,
    oneOf(choices) {
      const choice = choices[Math.floor(next() * choices.length)]
      if (choice === undefined) throw new Error('There is nothing to choose from.')
      return choice
    },
  }
}

function generator(name: string): () => number {
  let [a, b, c, d] = [hash(name, 1), hash(name, 2), hash(name, 3), 1]
  const next = () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let rounds = 0; rounds < 12; rounds++) next()
  return next
}

/** FNV-1a, from one of several beginnings. */
export function hash(text: string, beginning = 0): number {
  let value = 0x811c9dc5 ^ Math.imul(beginning, 0x9e3779b1)
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
