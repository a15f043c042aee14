import { hash } from './draws.ts'

/** What happened, line by line, and a sum over it: two runs that differ anywhere have different sums. */
export class Trace {
  readonly lines: string[] = []
  readonly #keeps: boolean
  #high = 1
  #low = 2

  /** Keeps the lines themselves only where they are wanted; there are tens of thousands. */
  constructor(keeps: boolean) {
    this.#keeps = keeps
  }

  add(at: number, text: string): void {
    const sum = hash(text)
    const time = Math.round(at * 1_000)
    this.#high = Math.imul(this.#high ^ sum, 0x01000193) ^ time
    this.#low = Math.imul(this.#low ^ time, 0x85ebca6b) ^ (sum + (this.#low >>> 15))
    if (this.#keeps) this.lines.push(`${at.toFixed(3)} ${text}`)
  }

  /** Only where lines are kept: for people, and no part of the sum. */
  remark(at: number, text: () => string): void {
    if (this.#keeps) this.lines.push(`${at.toFixed(3)}   ${text()}`)
  }

  get sum(): string {
    return [this.#high, this.#low].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('')
  }
}
