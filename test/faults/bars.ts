import type { RowResult } from './row.ts'

/** Collects a row's figures and holds them against its bars. */
export class Bars {
  readonly #figures: RowResult['figures'] = {}
  readonly #failed: string[] = []

  /** A figure without a bar. */
  note(name: string, value: number | string | boolean): void {
    this.#figures[name] = typeof value === 'number' ? Math.round(value * 10) / 10 : value
  }

  /** A figure with its upper bound. Nothing measured (NaN, Infinity) holds no bar. */
  atMost(name: string, value: number, max: number): void {
    this.note(name, Number.isFinite(value) ? value : String(value))
    if (!(value <= max)) this.#failed.push(`${name} is ${value}, more than ${max}`)
  }

  /** A figure with its lower bound, mostly so that a row that did nothing does not pass. */
  atLeast(name: string, value: number, min: number): void {
    this.note(name, Number.isFinite(value) ? value : String(value))
    if (!(value >= min)) this.#failed.push(`${name} is ${value}, less than ${min}`)
  }

  /** A figure that must be just this. */
  exactly(name: string, value: number, wanted: number): void {
    this.note(name, value)
    if (value !== wanted) this.#failed.push(`${name} is ${value}, not ${wanted}`)
  }

  /** Something that went wrong and is no figure. */
  fail(why: string): void {
    this.#failed.push(why)
  }

  get result(): RowResult {
    return { figures: this.#figures, pass: this.#failed.length === 0, failed: this.#failed }
  }
}

/** The value that so large a share of the samples is at or below; NaN without a sample. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
