const FLOOR_MS = 0.05
/** Each bucket is so much wider than the last: finer than any difference that is asked about. */
const STEP = Math.log(1.005)

/** Buckets with how many samples lie in each, as they go from process to process. */
export type LatencyCounts = Record<number, number>

/** Milliseconds in half-percent buckets: a bounded size for any number of samples, and those of several processes can be added up. */
export class Latencies {
  readonly #counts = new Map<number, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  get counts(): LatencyCounts {
    return Object.fromEntries(this.#counts)
  }

  add(ms: number, times = 1): void {
    this.#put(Math.max(0, Math.ceil(Math.log(Math.max(ms, FLOOR_MS) / FLOOR_MS) / STEP)), times)
  }

  merge(counts: LatencyCounts): void {
    for (const [bucket, times] of Object.entries(counts)) this.#put(Number(bucket), times)
  }

  /** The time that this share of the samples does not exceed, in milliseconds; 0 without a sample. */
  quantileMs(share: number): number {
    let passed = 0
    for (const [bucket, times] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      passed += times
      if (passed >= share * this.#total) return Math.round(FLOOR_MS * Math.exp(bucket * STEP) * 100) / 100
    }
    return 0
  }

  #put(bucket: number, times: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + times)
    this.#total += times
  }
}

/** The middle one; of an even number the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
  return (low + high) / 2
}
