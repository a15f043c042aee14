import type { LogRecord } from './record.ts'

/** Where a reader of a partition stands, and what it must know to judge the next record. */
export interface Position {
  /** The offset of the next record to be judged. */
  readonly next: number
  /** Of the newest fence that counted; 0 for none. */
  readonly epoch: number
  /** How many appends of that epoch counted. */
  readonly n: number
}

/** Before a partition's first record. */
export const BEGINNING: Position = { next: 0, epoch: 0, n: 0 }

export interface Judged {
  /** Whether the record is a part of the log. One that is not is as if it had never been written. */
  counts: boolean
  position: Position
}

/**
 * The one rule by which every reader, now and later, agrees on what is in the log: a fence counts when its epoch is above all
 * before it; an append counts when it is the next of the epoch in force. What a fenced owner wrote too late and what a client
 * sent twice does not. Throws when a record that others have acted upon is missing.
 */
export function judge(position: Position, offset: number, record: LogRecord): Judged {
  const { epoch, n } = position
  const passed = { ...position, next: offset + 1 }
  if ('token' in record) {
    return record.epoch > epoch
      ? { counts: true, position: { next: offset + 1, epoch: record.epoch, n: 0 } }
      : { counts: false, position: passed }
  }
  if (record.epoch < epoch || (record.epoch === epoch && record.n <= n)) return { counts: false, position: passed }
  if (record.epoch > epoch || record.n > n + 1) {
    throw new Error(
      `Offset ${offset} holds append ${record.n} of epoch ${record.epoch}, and what lies between it and append ${n} of epoch ${epoch} is missing.`,
    )
  }
  return { counts: true, position: { ...passed, n: record.n } }
}
