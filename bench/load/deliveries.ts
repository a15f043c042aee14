/** What came of what was asked for. */
export interface Deliveries {
  /** A socket was told the entries of `(after, through]`. */
  delivered(after: number, through: number): void
  /** What was asked for under `number` is entry `seq`. */
  acknowledged(number: number, seq: number): void
  refused(why: string): void
}
