/** A stretch of a run in which something was done to the cluster; times of `performance.now()`. */
export interface Stretch {
  from: number
  to: number
}

/** When which command was asked for and acknowledged, to tell how long nobody's was. */
export class Answers {
  readonly #all: { sentAt: number; at: number }[] = []

  add(sentAt: number, at: number): void {
    this.#all.push({ sentAt, at })
  }

  get count(): number {
    return this.#all.length
  }

  /** The longest time from the beginning of the stretch on in which no command was acknowledged, in milliseconds. */
  longestSilenceMs({ from, to }: Stretch): number {
    const times = this.#all.flatMap(({ at }) => (at >= from && at <= to ? [at] : [])).toSorted((a, b) => a - b)
    let last = from
    let longest = 0
    for (const at of [...times, to]) {
      longest = Math.max(longest, at - last)
      last = at
    }
    return Math.round(longest)
  }

  /** The longest that a command waited which was under way or asked for in the stretch, in milliseconds. */
  slowestMs({ from, to }: Stretch): number {
    const under = this.#all.filter(({ sentAt, at }) => at >= from && sentAt <= to)
    return Math.round(under.reduce((most, { sentAt, at }) => Math.max(most, at - sentAt), 0))
  }
}
