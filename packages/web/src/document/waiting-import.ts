import type { Imported } from './convert/html-in.ts'

let waiting: (Imported & { name: string }) | null = null

/** Keeps what was read from a file until the new document that it is for is open. */
export function leaveForImport(taken: Imported & { name: string }): void {
  waiting = taken
}

/** What was left; once. */
export function takeWaiting(): (Imported & { name: string }) | null {
  const taken = waiting
  waiting = null
  return taken
}
