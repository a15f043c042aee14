import type { Results, UserId } from '@plenary/kinds'

/** How far results are from the votes. */
export interface Miscount {
  /** Votes that the results lack. */
  lost: number
  /** Votes that the results have and nobody gave, or gave once. */
  extra: number
}

/** What a crowd voted: the last vote of each person that was acknowledged. */
export class Ballots {
  readonly #options: number
  readonly #picked = new Map<UserId, number>()

  /** Options are numbered from 0. */
  constructor(options: number) {
    this.#options = options
  }

  put(person: UserId, option: number): void {
    this.#picked.set(person, option)
  }

  /** Null when nothing of this person's was acknowledged. */
  of(person: UserId): number | null {
    return this.#picked.get(person) ?? null
  }

  get people(): number {
    return this.#picked.size
  }

  /** By option. */
  get counts(): number[] {
    const counts = Array.from({ length: this.#options }, () => 0)
    for (const option of this.#picked.values()) counts[option] = (counts[option] ?? 0) + 1
    return counts
  }

  /** Holds results against it, option by option: a vote under the wrong one is lost there and extra here. */
  against({ votes, counts }: Pick<Results, 'votes' | 'counts'>): Miscount {
    if (counts === undefined) return { lost: this.#picked.size, extra: 0 }
    const given = this.counts
    const off = Array.from(
      { length: Math.max(given.length, counts.length) },
      (_, option) => (counts[option] ?? 0) - (given[option] ?? 0),
    )
    // The number of people who voted is kept on its own.
    const people = votes - this.#picked.size
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + Math.max(0, number), 0)
    return { lost: Math.max(sum(off.map((by) => -by)), -people), extra: Math.max(sum(off), people) }
  }
}
